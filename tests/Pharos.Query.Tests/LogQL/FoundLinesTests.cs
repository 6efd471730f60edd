using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Query.LogQL.Evaluation.Scanning;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Results;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Query.Tests.LogQL;

/// <summary>What workers find is kept as far as it is among the best, and lines that bring the same share their labels.</summary>
public sealed class FoundLinesTests
{
    private static readonly LogResultLabels Labels = new(LabelSet.Empty, LabelSet.Empty, LabelSet.Empty);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Best_lines_of_all_workers_are_kept(bool backward)
    {
        const int Workers = 4;
        const int Limit = 100;
        var times = Enumerable.Range(0, 20_000).Select(static i => (long)i).ToArray();
        new Random(1).Shuffle(times);
        var found = new FoundLines(Limit, backward);
        Parallel.For(0, Workers, worker =>
        {
            for (var i = worker; i < times.Length; i += Workers)
            {
                if (found.Wants(times[i]))
                {
                    found.Add(new LogResultEntry(times[i], default, Labels));
                }
            }
        });
        var expected = backward ? times.OrderDescending().Take(Limit) : times.Order().Take(Limit);
        Assert.Equal(expected.Order(), found.Entries.Select(static entry => entry.TimeNs).Order());
        Assert.False(found.Wants(backward ? times.Length - Limit : Limit - 1));
    }

    [Fact]
    public async Task Lines_of_a_run_that_bring_the_same_share_their_labels()
    {
        var directory = Directory.CreateTempSubdirectory("pharos-found-lines").FullName;
        using var meter = new Meter("test");
        await using (var store = LogStore.Open(new LogStoreOptions { Directory = directory }, TimeProvider.System, NullLogger.Instance, meter))
        {
            Share(store.Stream("fake", LabelSet.From(("app", "a"))), store.Stream("fake", LabelSet.From(("app", "b"))));
        }
        Directory.Delete(directory, recursive: true);
    }

    private static void Share(LogStream first, LogStream second)
    {
        var keys = new LabelKeys();
        var line = new LineLabels(keys);
        var labels = new ResultLabels();
        LogResultLabels Of(string level, string? parsed = null)
        {
            line.BeginLine();
            line.AddMetadata(keys.Pin("level"), System.Text.Encoding.UTF8.GetBytes(level));
            if (parsed is not null)
            {
                line.Set(keys.Pin("x"), System.Text.Encoding.UTF8.GetBytes(parsed));
            }
            return labels.Of(line);
        }
        line.BeginStream(first.Labels);
        labels.BeginRun(first);
        var info = Of("info");
        Assert.Equal("info", info.Metadata["level"]);
        Assert.Equal("a", info.Stream["app"]);
        Assert.NotSame(info, Of("error"));
        Assert.Equal("1", Of("info", "1").Parsed["x"]);
        Assert.Empty(Of("info").Parsed);
        Assert.Same(info, Of("info"));

        // A value that takes the stream's label away, or an error, is of one line alone.
        line.BeginLine();
        line.Set(keys.Pin("app"), "q"u8);
        Assert.Equal("q", labels.Of(line).Parsed["app"]);
        line.BeginLine();
        line.Fail("JSONParserErr", null);
        Assert.Equal("JSONParserErr", labels.Of(line).Parsed["__error__"]);
        line.BeginLine();
        Assert.Empty(labels.Of(line).Parsed);

        // Beyond what is kept all begins anew.
        for (var i = 0; i < 3000; i++)
        {
            Assert.Equal($"{i}", Of($"{i}").Metadata["level"]);
        }
        line.BeginStream(second.Labels);
        labels.BeginRun(second);
        Assert.Equal("b", Of("info").Stream["app"]);
        Assert.Equal(new string('y', 1000), Of(new string('y', 1000)).Metadata["level"]);
    }
}
