//! Tests of the screens and the API, through the router as a browser or a program meets it.

mod api;
mod browser;
mod headers;
mod inert;
mod live;
mod matrix;
mod private_link;
mod screens;
mod signing;
