using CsCheck;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Storage.Tests.Logs;

/// <summary>Any sequence of appends, flushes, merges, deletions and restarts leaves the store as its plain twin.</summary>
public sealed class LogStoreModelTests
{
    private static readonly Gen<(int Kind, int Stream, int Step, int Size)> Operation =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 7], Gen.Int[-30, 60], Gen.Int[0, 400]);

    [Fact]
    public void The_store_answers_as_a_list_does() => Operation.Array[1, 150].Sample(operations =>
    {
        using var directory = new TemporaryDirectory();
        var filters = Make.Options(directory.Path) with { CompileFilter = static text => new Holds(text) };
        var model = new NaiveLogStore();
        var store = Make.Open(filters);
        var now = Make.TimeNs;

        // A stream that nobody holds may be forgotten, and with it what its newest entry was.
        var held = Streams(store);
        try
        {
            for (var i = 0; i < operations.Length; i++)
            {
                var (kind, number, step, size) = operations[i];
                switch (kind)
                {
                    case < 4:
                        store.Close();
                        store = Make.Open(filters);
                        held = Streams(store);
                        model.Restart();
                        break;
                    case < 12:
                        store.Flush(CancellationToken.None);
                        model.Flush();
                        break;
                    case < 18:
                        store.RunMaintenance();
                        break;
                    case < 22 when store.View.Parts.GroupBy(static part => part.Meta.Day).FirstOrDefault() is { } day:
                        store.Maintenance.Merge([.. day], CancellationToken.None);
                        break;
                    case < 28:
                        Delete(store, model, now, number, step, i);
                        break;
                    default:
                        now += step * 20 * Make.MinuteNs;
                        Append(store, model, now, number, size, i);
                        break;
                }
            }
            Assert.Equal(model.Dump(), store.Dump());
            Assert.Equal(model.Dump(Make.TimeNs, now), store.Dump(startNs: Make.TimeNs, endNs: now));
            Assert.Equal(model.Dump(matchers: Make.Equal("pod", "3")), store.Dump(matchers: Make.Equal("pod", "3")));
            var regex = new LabelMatcher(Model.MatchType.NotRegex, "pod", "[0-3]");
            Assert.Equal(model.Dump(matchers: regex), store.Dump(matchers: regex));
        }
        finally
        {
            GC.KeepAlive(held);
            store.Close();
        }
    }, iter: 60, threads: 2);

    private static LogStream[] Streams(LogStore store) =>
        [.. Enumerable.Range(0, 8).Select(number => store.Stream(Make.Tenant, Make.Labels($"app{number % 2}", $"{number}")))];

    private static void Append(LogStore store, NaiveLogStore model, long now, int number, int size, int step)
    {
        var lines = new List<LogLine>();
        for (var i = 0; i < 1 + (size % 7); i++)
        {
            var text = $"{step}.{i} {(i % 3 == 0 ? "error" : "fine")} {new string((char)('a' + i), size)}{(size % 11 == 0 ? "\n" : "")}";
            (string, string)[] empty = size % 5 == 0 ? [("x", "")] : [];
            (string, string)[] metadata = size % 3 == 0 ? []
                : [("detected_level", i % 3 == 0 ? "error" : "info"), ("trace_id", $"{step * 31}"), .. empty];
            lines.Add(new LogLine(Make.Labels($"app{number % 2}", $"{number}"), now + (((size * 7) + (i * 13)) % 5 * Make.SecondNs), text, metadata));
        }
        if (size % 4 == 0)
        {
            lines.Add(lines[^1]);
        }
        store.Append(Make.Tenant, [.. lines]);
        model.Append(lines);
    }

    private static void Delete(LogStore store, NaiveLogStore model, long now, int number, int step, int id)
    {
        var filter = step % 2 == 0 ? "" : "error";
        var startNs = now - (Math.Abs(step) * 30 * Make.MinuteNs);
        store.Delete(new LogDeletion($"{id}", Make.Tenant, [Make.Equal("pod", $"{number}")], startNs, now, filter));
        model.Flush();
        model.Delete(line => line.Labels["pod"] == $"{number}" && line.TimeNs >= startNs && line.TimeNs <= now
            && line.Bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(filter)) >= 0);
    }

    private sealed class Holds(string text) : ILogRowFilter
    {
        private readonly byte[] _bytes = System.Text.Encoding.UTF8.GetBytes(text);

        public void Take(LogStream stream, LogRows rows, int first, Span<bool> taken)
        {
            for (var i = 0; i < taken.Length; i++)
            {
                taken[i] |= rows.Line(first + i).IndexOf(_bytes) >= 0;
            }
        }
    }
}
