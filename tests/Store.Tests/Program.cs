using System.Globalization;
using Pipeline.Store;

namespace Pipeline.Tests.Store;

/// <summary>The process that the kill test kills; the test runner loads the assembly as a library and never comes here.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not ["commit", string folder, string groups, string lead])
        {
            return 2;
        }

        try
        {
            int ahead = int.Parse(lead, CultureInfo.InvariantCulture);
            KillTests.CommitAll(folder, int.Parse(groups, CultureInfo.InvariantCulture), group =>
            {
                Console.WriteLine(group);
                if (--ahead < 0)
                {
                    Console.ReadLine(); // not so far ahead of whoever is to kill this process that it ends before
                }
            });
            return 0;
        }
        catch (StoreException e)
        {
            Console.WriteLine(e.Message);
            return 3;
        }
    }
}
