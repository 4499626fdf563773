namespace Pipeline.Reid.Training;

/// <summary>How a training stands, for somebody who looks now and then. Thread-safe.</summary>
public sealed class TrainingProgress
{
    private readonly Lock _lock = new();
    private readonly Queue<string> _news = [];
    private Func<string> _line = () => "";

    /// <summary>The line of now.</summary>
    public string Line()
    {
        lock (_lock)
        {
            return _line();
        }
    }

    /// <summary>What happened since it was last asked, one line each.</summary>
    public IReadOnlyList<string> News()
    {
        lock (_lock)
        {
            string[] news = [.. _news];
            _news.Clear();
            return news;
        }
    }

    internal void Show(Func<string> line)
    {
        lock (_lock)
        {
            _line = line;
        }
    }

    internal void Tell(string news)
    {
        lock (_lock)
        {
            _news.Enqueue(news);
        }
    }
}
