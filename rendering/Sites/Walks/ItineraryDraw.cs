using Pipeline.Rendering.Sites.Plans;

namespace Pipeline.Rendering.Sites.Walks;

/// <summary>
/// Draws an itinerary: from a door to one goal after another by the shortest way, sometimes staying there, sometimes leaving the site and
/// coming back.
/// </summary>
internal sealed class ItineraryDraw
{
    private const float InsideAtFirst = .6f;
    private readonly FloorPlan _plan;
    private readonly SeatBook _seats;
    private readonly SeededRandom _random;
    private readonly double _duration;
    private readonly bool _single;
    private readonly float _speed;
    private readonly List<Stretch> _stretches = [];
    private double _time;
    private float _walked;
    private int _area;
    private Vector2[] _from = []; // the way into the area, or the spot in it
    private Side? _cameBy;

    /// <summary>Prepares to draw one.</summary>
    /// <param name="plan">The site.</param>
    /// <param name="seats">Whose seat is whose.</param>
    /// <param name="duration">Length of the recording, seconds.</param>
    /// <param name="single">Of somebody alone: groups do not sit down.</param>
    /// <param name="random">Its stream.</param>
    public ItineraryDraw(FloorPlan plan, SeatBook seats, double duration, bool single, SeededRandom random) =>
        (_plan, _seats, _duration, _single, _random, _speed) = (plan, seats, duration, single, random, random.Uniform(10, single ? 16 : 13.5f));

    /// <summary>Draws it.</summary>
    public Itinerary Draw()
    {
        bool inside = _random.Chance(InsideAtFirst);
        Exit exit = _plan.Exits[_random.Below(_plan.Exits.Count)];
        Area first = _plan.Areas[inside ? _random.Below(_plan.Areas.Count) : exit.Area];
        _time = inside ? _random.Uniform(-20, 4) : _random.Uniform(0, .55f) * _duration;
        Enter(first.Number, inside ? first.Doors[_random.Below(first.Doors.Count)].Side : exit.Side);
        while (_time < _duration)
        {
            Visit();
        }

        return new Itinerary(_stretches);
    }

    private Area Here => _plan.Areas[_area];

    // To a goal and what is done there.
    private void Visit()
    {
        bool leave = _random.Chance(.18f);
        Exit exit = _plan.Exits[_random.Below(_plan.Exits.Count)];
        GoTo(leave ? exit.Area : _random.Below(_plan.Areas.Count));
        if (leave)
        {
            WalkOut(exit.Side);
            double away = Math.Clamp(_random.Uniform(.15f, .45f) * _duration, 12, 300);
            Add(Doing.Away, away, new Footway([default]), 0);
            Exit back = _random.Chance(.6f) ? exit : _plan.Exits[_random.Below(_plan.Exits.Count)];
            _time += away < 60 && back != exit ? 25 : 0; // round the house takes a while
            Enter(back.Area, back.Side);
            return;
        }

        if (_random.Chance(.4f) || Here.Doors.Count == 1)
        {
            Stay();
        }
    }

    private void GoTo(int goal)
    {
        foreach (Passage passage in _plan.Route(_area, goal))
        {
            int next = passage.Beyond(_area);
            WalkOut(passage.SideAt(_area));
            Add(Doing.Passing, passage.Length / (_speed * _random.Uniform(.9f, 1.06f)), new Footway([default]), 0);
            Enter(next, passage.SideAt(next));
        }
    }

    private void Enter(int area, Side side)
    {
        if (_stretches.Count > 0 && _stretches[^1].End < _time)
        {
            _stretches[^1] = _stretches[^1] with { End = _time };
        }

        (_area, _cameBy) = (area, side);
        Door door = Here.DoorOf(side);
        _from = [.. door.WayOut(Here.Size).Reverse(), door.Middle(Here.Size), door.Inside(Here.Size)];
    }

    private void WalkOut(Side side)
    {
        if (_cameBy == side)
        {
            Stay(); // nobody turns on the threshold
        }

        Door door = Here.DoorOf(side);
        Walk(door.Inside(Here.Size), [door.Middle(Here.Size), .. door.WayOut(Here.Size)]);
        _from = [];
    }

    private void Stay()
    {
        Spot[] spots = [.. Here.Spots.Where(spot => !spot.IsSeat)], seats = [.. Here.Spots.Where(spot => spot.IsSeat)];
        double time = _random.Uniform(3, _random.Chance(.3f) ? 30 : 12);
        Spot spot = spots.Length > 0 ? spots[_random.Below(spots.Length)] : new Spot(new Vector2(0, Here.Size.Y / 2), 0, IsSeat: false);
        if (_single && seats.Length > 0 && _random.Chance(.45f))
        {
            Spot seat = seats[_random.Below(seats.Length)];
            double arrival = _time + (Line(seat.At).Length / _speed);
            spot = _seats.TryTake(_area, seat.At, arrival, arrival + time + 8) ? seat : spot;
        }

        Walk(spot.At, []);
        Add(spot.IsSeat ? Doing.Sitting : Doing.Standing, spot.IsSeat ? time + 8 : time, new Footway([spot.At]), spot.Facing);
        (_from, _cameBy) = ([spot.At], null);
    }

    private void Walk(Vector2 to, IEnumerable<Vector2> beyond)
    {
        Footway way = Line(to, beyond);
        Add(Doing.Walking, way.Length / _speed, way, 0);
        _walked += way.Length;
    }

    private Footway Line(Vector2 to, IEnumerable<Vector2>? beyond = null) => new([.. _from[..^1], .. Here.Way(_from[^1], to) ?? [_from[^1], to], .. beyond ?? []]);

    private void Add(Doing doing, double seconds, Footway way, float facing)
    {
        if (seconds > 0)
        {
            _stretches.Add(new Stretch(doing, _time, _time + seconds, _area, way, facing, _walked));
            _time += seconds;
        }
    }
}
