namespace Pipeline.Tests.Bindings;

/// <summary>What bindings/members-used starts: the members of the bindings that the product uses, or those that it does not.</summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        MembersUsed members = MembersUsed.Of(AppContext.BaseDirectory);
        switch (args)
        {
            case []:
                Console.Write(members.Text());
                return 0;
            case ["--unused"]:
                Console.Write(members.UnusedText());
                return 0;
            default:
                Console.Error.WriteLine("usage: bindings/members-used [--unused]");
                return 2;
        }
    }
}
