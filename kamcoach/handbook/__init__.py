"""The handbook of a library: a page for each rule, play, kind of fact, check and command, as a site that needs no server."""
