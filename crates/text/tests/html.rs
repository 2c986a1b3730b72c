//! Mail HTML as text, for viewing, as composed: tables of inputs and exact results.

use text::html::{RemoteImages, composed, for_viewing, for_viewing_with, has_remote_images, to_text};
use text::reading::read;

#[test]
fn html_reads_as_its_writer_meant_it() {
    let table = [
        ("<p>Bonjour,</p><p>Le colis<br>est <b>perdu</b>.</p>", "Bonjour,\n\nLe colis\nest perdu."),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
        ("<div>a<br></div><div>b</div>", "a\nb"),
        ("a<br><br><br><br>b", "a\n\nb"),
        (
            "Suivez <a href='https://x.example/1'>votre colis</a> ici",
            "Suivez votre colis <https://x.example/1> ici",
        ),
        (
            "<a href='https://www.x.example/'>x.example</a> <a href='mailto:a@b.fr'>a@b.fr</a>",
            "x.example a@b.fr",
        ),
        (
            "<a href='mailto:a@b.fr'>Écrire</a> <a href='https://x'><img alt=Logo></a>",
            "Écrire <a@b.fr> [Logo]",
        ),
        ("<a href='javascript:x'>a</a> <a href='https://x?a=1&amp;b=2'>b</a>", "a b <https://x?a=1&b=2>"),
        (
            "<ul><li>un<li>deux<ul><li>trois</ul></ul><ol start=4><li>quatre</ol>",
            "- un\n- deux\n  - trois\n4. quatre",
        ),
        (
            "<table><tr><td>Commande</td><td>AB-1</td></tr><tr><td>Total</td><td>3&nbsp;€</td></tr></table>",
            "Commande | AB-1\nTotal | 3 €",
        ),
        (
            "<table><tr><td><table><tr><td><p>Titre</p></td></tr></table></td></tr><tr><td>Texte</td></tr></table>",
            "Titre\n\nTexte",
        ),
        (
            "<table><tr><td>De :<td>Nadia<tr><td><td>vide<td><div>a</div><td>b</table>",
            "De : Nadia\nvide\na\nb",
        ),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("d&eacute;j&agrave; &lt;3 &amp;amp; &#8364;", "déjà <3 &amp; €"),
        ("<img alt='Logo'><img src='x'><img alt='😀'>", "[Logo]😀"),
        ("a\u{200b}b\u{ad}c&zwnj;&nbsp;&zwnj;&nbsp;d", "abc d"),
        ("👨\u{200d}👩\u{200d}👧", "👨\u{200d}👩\u{200d}👧"),
        ("<div style='display: none'>aperçu</div><p>corps</p>", "corps"),
        ("<div style='max-height:0px;overflow:hidden'>aperçu</div>corps", "corps"),
        ("<td style='font-size:0'><p>corps</p></td>", "corps"),
        ("<div style='display:none'>tout est caché", "tout est caché"),
        ("<style>p{color:red}</style><script>x</script><title>t</title>mot<!-- c -->", "mot"),
        (
            "<p class=MsoNormal>a</p><p class=MsoNormal>b</p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>c</p>",
            "a\nb\n\nc",
        ),
        ("texte <sans balise> et 2 < 3", "texte et 2 < 3"),
        ("avant <pas fini", "avant <pas fini"),
        ("", ""),
        ("   \n ", ""),
    ];
    for (html, expected) in table {
        assert_eq!(to_text(html), expected, "{html}");
    }
}

#[test]
fn quotations_become_marked_lines() {
    let table = [
        (
            "oui<blockquote>a<br>b<br><br>c<blockquote>d</blockquote></blockquote>non",
            "oui\n> a\n> b\n>\n> c\n> > d\nnon",
        ),
        (
            "<blockquote style='margin: 0 0 0 40px; border: none; padding: 0px'>indenté</blockquote>",
            "indenté",
        ),
        ("<blockquote type=cite style='border:none'>cité</blockquote>", "> cité"),
        (
            "oui<div class=yahoo_quoted><div>Le 3, X a écrit :</div><div>non</div></div>",
            "oui\n> Le 3, X a écrit :\n> non",
        ),
    ];
    for (html, expected) in table {
        assert_eq!(to_text(html), expected, "{html}");
    }
}

#[test]
fn replies_in_html_fold_like_replies_in_text() {
    let table = [
        (
            "<div dir=ltr>Toujours rien.</div><br><div class=gmail_quote><div dir=ltr class=gmail_attr>Le mar. 3 nov. 2026 \
             à 14:02, Aide &lt;<a href='mailto:a@b.example'>a@b.example</a>&gt; a écrit :<br></div><blockquote \
             class=gmail_quote style='margin:0 0 0 .8ex'>Votre colis arrive.</blockquote></div>",
            "Toujours rien.",
        ),
        (
            "<p class=MsoNormal>Je refuse.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p class=MsoNormal><b>De :</b> \
             SAV &lt;sav@x.example&gt; <br><b>Envoyé :</b> mardi 3 novembre 2026 14:02<br><b>À :</b> Luc<br><b>Objet :</b> \
             RE: Lampe</p></div><p class=MsoNormal>Un avoir vous convient-il ?</p>",
            "Je refuse.",
        ),
        (
            "<div>Non.<hr><b>From: </b>a@b.example<br><b>To: </b>c@d.example<br><b>Sent: </b>Friday 6:20:01 PM<br><b>Subject: \
             </b>Hello<br><br><p>Is it fixed?</p></div>",
            "Non.",
        ),
        (
            "<blockquote type=cite>Quelle taille ?</blockquote><p>42</p><blockquote type=cite>Couleur ?</blockquote><p>Bleu</p>",
            "42\n\nBleu",
        ),
    ];
    for (html, expected) in table {
        assert_eq!(read(&to_text(html)).visible(), expected, "{html}");
    }
}

#[test]
fn viewing_keeps_form_and_drops_danger() {
    let rel = "rel=\"noopener noreferrer nofollow\"";
    let table = [
        ("<p style='color:red;position:fixed'>a</p>", "<p style=\"color:red\">a</p>".to_owned()),
        (
            "<a href='https://x.example/?a=1&amp;b=2' onclick=x>a</a>",
            format!("<a href=\"https://x.example/?a=1&amp;b=2\" target=\"_blank\" {rel}>a</a>"),
        ),
        ("<a href='javascript:x'>a</a>", format!("<a target=\"_blank\" {rel}>a</a>")),
        ("<a href='&#106;avascript:x'>a</a>", format!("<a target=\"_blank\" {rel}>a</a>")),
        ("<a href='/x'>a</a>", format!("<a target=\"_blank\" {rel}>a</a>")),
        (
            "<img src='https://x.example/p.gif' width=1>",
            "<img width=\"1\" alt=\"image\" title=\"image\">".to_owned(),
        ),
        (
            "<img src='&#104;ttp://x' alt='Logo \"A\"'>",
            "<img alt=\"Logo &quot;A&quot;\" title=\"Logo &quot;A&quot;\">".to_owned(),
        ),
        ("<img src='data:image/png;base64,AA'>", "<img alt=\"image\" title=\"image\">".to_owned()),
        ("<img src='cid:1@x' alt=a srcset='http://x 2x'>", "<img src=\"cid:1@x\" alt=\"a\">".to_owned()),
        ("<form action=x><input name=a><button>b</button></form>", "b".to_owned()),
        ("<td background='http://x'>a</td><body background='http://x'>b", "ab".to_owned()),
        (
            "<style>@import url(x)</style><div id=a class=b style='background:url(x)'>c</div>",
            "<div>c</div>".to_owned(),
        ),
        (
            "<svg><a href='javascript:x'><style><img src=x onerror=y></style></svg>",
            format!("<a target=\"_blank\" {rel}></a>"),
        ),
        (
            "<iframe src=x>y</iframe><object data=x>z</object><base href=x><meta http-equiv=refresh>",
            "z".to_owned(),
        ),
    ];
    for (html, expected) in table {
        assert_eq!(for_viewing(html), expected, "{html}");
    }
}

#[test]
fn images_from_elsewhere_are_shown_when_asked_for() {
    let table = [
        (
            "<img src='https://x.example/p.gif?a=1&amp;b=2' width=1 srcset='http://y 2x' onerror=x loading=eager>",
            "<img src=\"https://x.example/p.gif?a=1&amp;b=2\" width=\"1\" referrerpolicy=\"no-referrer\">",
            true,
        ),
        (
            "<img src='HTTPS://x.example/p.gif'>",
            "<img src=\"HTTPS://x.example/p.gif\" referrerpolicy=\"no-referrer\">",
            true,
        ),
        ("<img src='http://x.example/p.gif' alt=Logo>", NAMED_LOGO, false),
        ("<img src='//x.example/p.gif' alt=Logo>", NAMED_LOGO, false),
        ("<img src='&#104;ttps://x.example/p.gif' alt=Logo>", NAMED_LOGO, false),
        ("<img src='data:image/svg+xml,x' alt=Logo>", NAMED_LOGO, false),
        ("<img src='cid:1@x'>", "<img src=\"cid:1@x\" referrerpolicy=\"no-referrer\">", false),
        (
            "<div style='background:url(https://x.example/p.gif);color:red'>a</div>",
            "<div style=\"color:red\">a</div>",
            false,
        ),
        ("<table background='https://x.example/p.gif'></table>", "<table></table>", false),
        ("<!-- <img src=https://x.example/p.gif> --><style>@import 'https://x.example'</style>", "", false),
        ("<video poster='https://x.example/p.gif' src='https://x.example/v'>v</video>", "v", false),
    ];
    for (html, expected, is_remote) in table {
        assert_eq!(for_viewing_with(html, RemoteImages::Shown), expected, "{html}");
        assert_eq!(has_remote_images(html), is_remote, "{html}");
        let blocked = for_viewing_with(html, RemoteImages::Blocked);
        assert!(blocked == for_viewing(html) && !blocked.contains("x.example"), "{blocked}");
    }
}

const NAMED_LOGO: &str = "<img alt=\"Logo\" title=\"Logo\" referrerpolicy=\"no-referrer\">";

#[test]
fn composed_keeps_the_composers_tags_only() {
    let table = [
        (
            "<h3>T</h3><p style=x class=y>a <b>b</b> <font color=red>c</font></p>",
            "<h3>T</h3><p>a <b>b</b> c</p>",
        ),
        ("<h1>T</h1><table><tr><td>a</td></tr></table><img src='cid:1'>", "Ta"),
        (
            "<a href='tel:+33100000000' target=x>a</a>",
            "<a href=\"tel:+33100000000\" rel=\"noopener noreferrer nofollow\">a</a>",
        ),
        ("<a href='cid:1'>a</a>", "<a rel=\"noopener noreferrer nofollow\">a</a>"),
        (
            "<ul><li>a<li>b</ul><blockquote>c</blockquote><pre><code>d</code></pre>",
            "<ul><li>a</li><li>b</li></ul><blockquote>c</blockquote><pre><code>d</code></pre>",
        ),
        ("a<br>b<script>c</script>", "a<br>b"),
    ];
    for (html, expected) in table {
        assert_eq!(composed(html), expected, "{html}");
    }
}
