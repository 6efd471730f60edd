using System.CommandLine;
using Pharos.Cli.Commands;
using Pharos.Server.Hosting;

namespace Pharos.Cli.Tests;

public sealed class FeatureFlagTests
{
    [Fact]
    public void Known_features_are_switched_on_others_are_told_of()
    {
        var (enabled, notes) = FeatureFlags.Read(["search-api,,exemplar-storage", "promql-delayed-name-removal,old-ui,nonsense"]);
        Assert.Equal(["promql-delayed-name-removal", "search-api"], enabled.Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "--enable-feature: exemplar-storage is always on and therefore a no-op",
                "--enable-feature: old-ui has no counterpart in this program and changes nothing",
                "Unknown option for --enable-feature: nonsense",
            ],
            notes);
    }

    [Theory]
    [InlineData("serve --storage.tsdb.wal-compression --web.user-assets=x", "--web.user-assets changes nothing: no files of your own are served|--storage.tsdb.wal-compression changes nothing: the store of this program sizes its own files")]
    [InlineData("serve --web.max-connections=3", "")]
    public void Accepted_flag_is_told_of_where_it_is_given(string line, string expected)
    {
        var (parsed, flags) = Parse(line);
        Assert.Equal(expected, string.Join('|', flags.Accepted.Notes(parsed)));
    }

    [Theory]
    [InlineData("serve --agent", "--agent")]
    [InlineData("serve --agent=false", null)]
    [InlineData("serve --storage.agent.path=x", "--storage.agent.path")]
    public void Agent_mode_is_refused(string line, string? named)
    {
        var (parsed, flags) = Parse(line);
        var refusal = Record.Exception(() => flags.RefuseAgent(parsed));
        if (named is null)
        {
            Assert.Null(refusal);
            return;
        }
        Assert.StartsWith(named + ": there is no agent mode", Assert.IsType<ServerStartException>(refusal).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_of_flags_are_shown_as_they_are_in_effect()
    {
        var (parsed, flags) = Parse("serve --web.listen-address=:1 --web.listen-address=:2 --enable-feature=a --enable-feature=b,c");
        var values = flags.Values(parsed);
        Assert.Equal(":1,:2", values["web.listen-address"]);
        Assert.Equal("a,b,c", values["enable-feature"]);
        Assert.Equal("5m", values["web.read-timeout"]);
        Assert.Equal("true", values["storage.tsdb.wal-compression"]);
    }

    private static (ParseResult Parsed, ServeFlags Flags) Parse(string line)
    {
        var flags = new ServeFlags();
        var command = new Command("serve");
        foreach (var option in flags.All)
        {
            command.Add(option);
        }
        var parsed = new RootCommand { command }.Parse(line);
        Assert.Empty(parsed.Errors);
        return (parsed, flags);
    }
}
