//! Text edits that change one field and leave the rest alone.
