// Whoever comes to the log-in page has left: the key of a courier's round goes, and with it all the phone could read.
"use strict";

sessionStorage.removeItem("songda-round-key");
