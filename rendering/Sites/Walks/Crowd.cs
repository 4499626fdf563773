using Pipeline.Rendering.Sites.Plans;

namespace Pipeline.Rendering.Sites.Walks;

/// <summary>
/// Keeps people from walking through each other: those who come too close step aside, and return to their way. Worked out once, in steps
/// of a tenth of a second, so that any moment can be asked for in any order.
/// </summary>
internal sealed class Crowd
{
    private const int StepsASecond = 10;
    private const float Room = 7.5f; // decimetres from middle to middle
    private const float Push = 4; // a second
    private const float Return = 1.2f; // a second
    private const float Most = 8;
    private readonly FloorPlan _plan;
    private readonly IReadOnlyList<Visitor> _visitors;
    private readonly Dictionary<int, Vector2>[] _aside; // by visitor: where they are off their way, by step

    /// <summary>Works it out.</summary>
    public Crowd(FloorPlan plan, IReadOnlyList<Visitor> visitors, double duration)
    {
        (_plan, _visitors) = (plan, visitors);
        _aside = [.. visitors.Select(_ => new Dictionary<int, Vector2>())];
        Vector2[] now = new Vector2[visitors.Count];
        Whereabouts?[] where = new Whereabouts?[visitors.Count];
        for (int step = 0; step <= (int)(duration * StepsASecond) + 1; step++)
        {
            for (int i = 0; i < where.Length; i++)
            {
                where[i] = visitors[i].At(step / (double)StepsASecond);
            }

            Advance(where, now);
            for (int i = 0; i < now.Length; i++)
            {
                if (now[i] != default)
                {
                    _aside[i][step] = now[i];
                }
            }
        }
    }

    /// <summary>Where a visitor is, those around considered; nothing while no camera could see them.</summary>
    public Whereabouts? At(int visitor, double time)
    {
        if (_visitors[visitor].At(time) is not { } where)
        {
            return null;
        }

        double steps = Math.Max(0, time * StepsASecond);
        int step = (int)steps;
        Vector2 aside = Vector2.Lerp(_aside[visitor].GetValueOrDefault(step), _aside[visitor].GetValueOrDefault(step + 1), (float)(steps - step));
        return where with { At = where.At + aside };
    }

    private void Advance(Whereabouts?[] where, Vector2[] aside)
    {
        Vector2[] push = new Vector2[aside.Length];
        foreach (IGrouping<int, int> area in Enumerable.Range(0, where.Length).Where(i => where[i] is not null).GroupBy(i => where[i]!.Value.Area))
        {
            int[] present = [.. area];
            for (int a = 0; a < present.Length; a++)
            {
                for (int b = a + 1; b < present.Length; b++)
                {
                    Separate(where, aside, push, present[a], present[b]);
                }
            }
        }

        for (int i = 0; i < aside.Length; i++)
        {
            aside[i] = where[i] is { } here ? Within(here, (aside[i] * (1 - (Return / StepsASecond))) + (push[i] * (Push / StepsASecond))) : default;
        }
    }

    private static void Separate(Whereabouts?[] where, Vector2[] aside, Vector2[] push, int a, int b)
    {
        (Whereabouts one, Whereabouts other) = (where[a]!.Value, where[b]!.Value);
        Vector2 apart = one.At + aside[a] - other.At - aside[b];
        float distance = apart.Length();
        if (distance >= Room)
        {
            return;
        }

        // Straight ahead nobody gets past: the push goes to the right of the way as well.
        Vector2 right = new(-MathF.Cos(one.Heading), MathF.Sin(one.Heading));
        Vector2 force = distance > .1f ? apart / distance : right;
        force = Vector2.Normalize(force + (right * .35f)) * (Room - distance);
        (float shareOne, float shareOther) = (Yields(one), Yields(other));
        push[a] += force * shareOne;
        push[b] -= force * shareOther;
    }

    private static float Yields(in Whereabouts where) => where.Seated > 0 ? 0 : .4f + (.4f * where.Stir);

    // Nobody is pushed far, into a wall or into furniture.
    private Vector2 Within(in Whereabouts where, Vector2 aside)
    {
        if (aside.LengthSquared() < .0025f || where.Seated > 0)
        {
            return default;
        }

        float length = aside.Length();
        aside = length > Most ? aside * (Most / length) : aside;
        Area area = _plan.Areas[where.Area];
        Vector2 most = new((area.Size.X / 2) - 3, area.Size.Y - 3), least = new(-most.X, 3), at = where.At + aside;
        bool inside = where.At == Vector2.Clamp(where.At, least, most);
        at = inside ? Vector2.Clamp(at, least, most) : where.At + (aside * .3f);
        return area.Furniture.Any(thing => at.X > thing.Low.X - 2.5f && at.X < thing.High.X + 2.5f && at.Y > thing.Low.Y - 2.5f && at.Y < thing.High.Y + 2.5f)
            ? default
            : at - where.At;
    }
}
