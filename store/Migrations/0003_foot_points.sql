-- Version 3: where a camera saw somebody first and last, the middle of the box's lower edge as shares of the picture, 0 to 1.
-- NULL where that is not known: tracklets of earlier versions, an end that is no entry or exit (a track cut in two), no boxes.
ALTER TABLE tracklets ADD COLUMN entry_x REAL;
ALTER TABLE tracklets ADD COLUMN entry_y REAL;
ALTER TABLE tracklets ADD COLUMN exit_x REAL;
ALTER TABLE tracklets ADD COLUMN exit_y REAL;
