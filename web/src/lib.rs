//! The Tidetable page: a Yew app, its worker and the widgets of the book.
