namespace Pipeline.Rendering.Sites.Filming;

/// <summary>Dressed people, a few megabytes each: those asked for last are kept, the others are dressed again when needed. Safe for several threads.</summary>
/// <param name="dresser">Dresses.</param>
internal sealed class DressingRoom(Dresser dresser)
{
    private const int Room = 160;
    private readonly Lock _lock = new();
    private readonly Dictionary<Look, (Lazy<Person> Person, long Used)> _people = new(ReferenceEqualityComparer.Instance);
    private long _uses;

    /// <summary>A person of a look.</summary>
    public Person Dressed(Look look)
    {
        Lazy<Person> person;
        lock (_lock)
        {
            person = _people.TryGetValue(look, out (Lazy<Person> Person, long Used) known) ? known.Person : new Lazy<Person>(() => dresser.Dress(look));
            _people[look] = (person, ++_uses);
            if (_people.Count > Room)
            {
                _people.Remove(_people.MinBy(entry => entry.Value.Used).Key);
            }
        }

        return person.Value;
    }
}
