namespace Pipeline.Tests.Bindings;

public sealed class MembersUsedTests
{
    [Fact]
    public void The_list_of_members_is_that_of_the_code()
    {
        string listed = File.ReadAllText(Path.Combine(TestData.Root, "bindings", "MEMBERS.txt"));

        string used = MembersUsed.Of(AppContext.BaseDirectory).Text();

        Assert.True(listed == used, $"bindings/MEMBERS.txt is out of date: bindings/members-used > bindings/MEMBERS.txt\n{Difference(listed, used)}");
    }

    [Fact]
    public void Every_package_is_used() => Assert.DoesNotContain(": 0\n", MembersUsed.Of(AppContext.BaseDirectory).Text(), StringComparison.Ordinal);

    private static string Difference(string listed, string used)
    {
        string[] before = listed.Split('\n'), now = used.Split('\n');
        return string.Join('\n', before.Except(now).Select(line => $"-{line}").Concat(now.Except(before).Select(line => $"+{line}")));
    }
}
