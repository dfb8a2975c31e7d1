// The console: a page that shows an event before it goes, on its way, and the answer.
//
// `model/` knows and decides, and is free of the page; `elements/` shows. Arrows go from elements to models.

import "./elements/console.js";
