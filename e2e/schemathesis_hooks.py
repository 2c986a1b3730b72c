"""How a letter is written for schemathesis: it knows JSON and forms, not mails."""

import schemathesis


@schemathesis.serializer("message/rfc822")
def letter(ctx, value):
    if isinstance(value, bytes):
        return value
    words = str(value)
    return f"From: a@exemple.fr\r\nTo: b@exemple.fr\r\nSubject: x\r\n\r\n{words}\r\n".encode("utf-8", "replace")
