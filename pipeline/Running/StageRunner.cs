using OpenCvSharp;

namespace Pipeline.Cli.Running;

/// <summary>Runs stages side by side.</summary>
internal static class StageRunner
{
    /// <summary>Runs every stage until all have ended; the first failure cancels the others and is rethrown.</summary>
    /// <param name="stages">The stages.</param>
    /// <param name="cancellationToken">Stops them all.</param>
    public static async Task RunAllAsync(IReadOnlyList<Func<CancellationToken, Task>> stages, CancellationToken cancellationToken)
    {
        Cv2.SetNumThreads(1); // stages and decoders fill the cores; OpenCV splitting each small call over all of them only gets in their way
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] running = [.. stages.Select(stage => Task.Run(() => stage(any.Token), CancellationToken.None))];
        Exception? first = null;
        await foreach (Task ended in Task.WhenEach(running))
        {
            if (!ended.IsCompletedSuccessfully)
            {
                first ??= ended.Exception?.InnerException; // the cause; what fails after it only follows
                await any.CancelAsync(); // else a writer would wait for ever on a dead reader
            }
        }

        if (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }

        await Task.WhenAll(running);
    }
}
