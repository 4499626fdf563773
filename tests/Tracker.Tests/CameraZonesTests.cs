using Pipeline.Detector;
using Pipeline.Tracker;

namespace Pipeline.Tests.Tracker;

public sealed class CameraZonesTests
{
    [Fact]
    public void A_point_near_no_leader_founds_a_zone_and_every_other_belongs_to_the_nearest()
    {
        CameraZones zones = new();

        zones.Take(new FootPoint(0.1f, 0.9f), new FootPoint(0.9f, 0.9f));
        zones.Take(new FootPoint(0.2f, 0.9f), new FootPoint(0.3f, 0.9f)); // 0.1 and 0.2 from the first

        Assert.Equal(3, zones.Count);
        Assert.Equal(0, zones.Find(new FootPoint(0.19f, 0.9f)));
        Assert.Equal(2, zones.Find(new FootPoint(0.21f, 0.9f)));
        Assert.Equal(1, zones.Find(new FootPoint(0.9f, 0.8f)));
        Assert.Null(zones.Find(new FootPoint(0.6f, 0.5f)));
        Assert.Null(zones.Find(null));
    }

    [Fact]
    public void Of_a_camera_with_twelve_zones_every_point_belongs_to_one()
    {
        CameraZones zones = new();
        for (int point = 0; point < 30; point++)
        {
            zones.Take(new FootPoint(point % 6 / 5f, point / 6 / 5f), null);
        }

        Assert.Equal(12, zones.Count);
        Assert.Equal(11, zones.Find(new FootPoint(1, 1)));
    }

    [Fact]
    public void Those_who_come_in_are_counted_at_their_zone_and_those_of_no_zone_at_the_camera()
    {
        CameraZones zones = new();
        zones.Take(new FootPoint(0.1f, 0.9f), new FootPoint(0.9f, 0.9f));
        zones.Take(new FootPoint(0.1f, 0.8f), null);
        zones.Take(null, new FootPoint(0.9f, 0.9f));

        Assert.Equal((3, 2), (zones.Arrivals, zones.ArrivalsAtZones));
        Assert.Equal((2, 0), (zones.ArrivalsAt(0), zones.ArrivalsAt(1)));
    }

    [Theory]
    [InlineData(100, 50, 40, 100, 0.3, 0.75)]
    [InlineData(-100, 150, 40, 100, 0, 1)] // beyond the picture
    public void A_foot_point_is_the_middle_of_the_lower_edge(float x, float y, float width, float height, float right, float down)
    {
        FootPoint point = FootPoint.Of(new Box(x, y, width, height), 400, 200)!.Value;

        Assert.Equal(right, point.X, 1e-6f);
        Assert.Equal(down, point.Y, 1e-6f);
        Assert.Null(FootPoint.Of(new Box(x, y, width, height), 0, 0));
    }
}
