using Pipeline.Store;

namespace Pipeline.Tests.Store;

/// <summary>The process that the kill test kills; the test runner loads the assembly as a library and never comes here.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not ["commit", string folder, string groups])
        {
            return 2;
        }

        try
        {
            KillTests.CommitAll(folder, int.Parse(groups, System.Globalization.CultureInfo.InvariantCulture), group => Console.WriteLine(group));
            return 0;
        }
        catch (StoreException e)
        {
            Console.WriteLine(e.Message);
            return 3;
        }
    }
}
