// The exercise, with what classic scripts have left in globals.

var settings = Object.fromEntries(new URLSearchParams(location.search));
place.exercise(ticketwire, settings).then(console.log);
