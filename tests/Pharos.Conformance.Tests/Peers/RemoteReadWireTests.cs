using System.Globalization;
using Pharos.Collection.RemoteStorage.Reading;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Histograms;
using Pharos.Storage.Metrics;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>Real Prometheus and the real executable hold the same samples, and are sent the same remote-read requests byte for
/// byte: what they answer is compared.</summary>
public sealed class RemoteReadWireTests
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const int Ticks = 500;

    /// <summary>Each version names the expression as it anchors it: only the status is compared.</summary>
    private const string BrokenExpression = "a broken expression";

    // A timestamp of its own for the test, and in the past of both servers.
    private static readonly long StartMs = (DateTimeOffset.UtcNow.ToUnixTimeSeconds() - Ticks) * 1000;

    [Fact]
    public async Task Both_answer_the_same_to_the_same_request()
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-remote-read").FullName;
        try
        {
            var (ours, theirs) = (Address(), Address());
            await File.WriteAllTextAsync(Path.Combine(folder, "both.yml"), "global: {external_labels: {owner: me, region: north}}\n");
            await using var pharos = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(ours, "/-/ready"), "serve", $"--config.file={folder}/both.yml", $"--data={folder}/ours",
                $"--web.listen-address={ours.Authority}", "--web.enable-remote-write-receiver", "--storage.remote.read-sample-limit=2500");
            await using var prometheus = await PeerProcess.ServeAsync(
                Prometheus, new Uri(theirs, "/-/ready"), $"--config.file={folder}/both.yml", $"--storage.tsdb.path={folder}/theirs",
                $"--web.listen-address={theirs.Authority}", "--web.enable-remote-write-receiver", "--enable-feature=native-histograms",
                "--storage.remote.read-sample-limit=2500");
            using var pharosClient = new HttpClient { BaseAddress = ours };
            using var prometheusClient = new HttpClient { BaseAddress = theirs };
            foreach (var body in Pushes())
            {
                await RemoteWriteBody.PushAsync(pharosClient, body);
                await RemoteWriteBody.PushAsync(prometheusClient, body);
            }
            var differences = new List<string>();
            foreach (var (name, body) in Requests())
            {
                var (our, their) = (await AskAsync(pharosClient, body), await AskAsync(prometheusClient, body));
                if (name == BrokenExpression ? our[..4] != their[..4] : our != their)
                {
                    differences.Add($"{name}:\n  Pharos:     {Short(our)}\n  Prometheus: {Short(their)}");
                }
            }
            Assert.True(differences.Count == 0, string.Join('\n', differences));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <param name="scale">8 observations of scale 3; more for more.</param>
    internal static NativeHistogram Histogram(int scale) => new()
    {
        Schema = 1, ZeroThreshold = 0.001, ZeroCount = 2, Count = 2 + (2 * scale), Sum = 1.5 * scale, HasIntegerCounts = true,
        PositiveSpans = [new BucketSpan(0, 1), new BucketSpan(2, 1)], PositiveBuckets = [scale, scale],
    };

    private static IEnumerable<byte[]> Pushes()
    {
        yield return RemoteWriteBody.Create(Enumerable.Range(0, 6).Select(i => (
            LabelSet.From((Label.MetricName, "f"), ("i", $"{i}"), ("owner", i == 0 ? "own" : ""), ("text", "\u00fc \"x\"")),
            (IReadOnlyList<(long, double)>)[.. Enumerable.Range(0, Ticks).Select(tick => (
                StartMs + (tick * 1000L), tick % 100 == 99 ? StaleMarker.Value : (tick * 0.25) + i))])));
        yield return RemoteWriteBody.Create(
            LabelSet.From((Label.MetricName, "h"), ("i", "0")), Enumerable.Range(1, Ticks - 1).Select(tick => (StartMs + (tick * 1000L), Histogram(tick))));
    }

    private static IEnumerable<(string Name, byte[] Body)> Requests()
    {
        var f = (0, Label.MetricName, "f");
        var (all, part) = ((StartMs, StartMs + (Ticks * 1000L)), (StartMs + 100_500, StartMs + 200_000));
        foreach (var accepted in (int[][])[[], [0], [1], [1, 0], [0, 1], [7, 1], [7]])
        {
            yield return ($"one series, accepted {string.Join(',', accepted)}", Request(accepted, (all, [f, (0, "i", "1")])));
        }
        foreach (var type in (int[])[0, 1])
        {
            // The installed version leaves histograms out of an answer with samples.
            yield return ("a part of the time", Request([type], (part, [(2, Label.MetricName, type == 0 ? "f|g" : "f|h"), (0, "i", "0")])));
            yield return ("too many samples", Request([type], (all, [f])));
            yield return ("nothing", Request([type], (all, [(0, Label.MetricName, "none")])));
            yield return ("no matcher", Request([type], (part, [])));
            yield return ("no query", Request([type]));
            yield return ("an end before the start", Request([type], ((all.Item2, all.Item1), [f])));
            yield return ("our external label", Request([type], (part, [f, (0, "owner", "me")])));
            yield return ("another's external label", Request([type], (part, [f, (0, "owner", "other")])));
            yield return ("a series' own", Request([type], (part, [f, (0, "owner", "own")])));
            yield return ("not the external label", Request([type], (part, [f, (1, "owner", "me")])));
            yield return ("an expression for the external label", Request([type], (part, [f, (2, "region", "nor.*")])));
            yield return ("not an expression", Request([type], (part, [f, (3, "i", "[1-9]")])));
            yield return ("two queries", Request([type], (part, [f, (0, "i", "2")]), (all, [f, (0, "i", "3")])));
            yield return (BrokenExpression, Request([type], (part, [f, (2, "i", "(")])));
            yield return ("an unknown matcher", Request([type], (part, [f, (9, "i", "1")])));
        }
        yield return ("histograms", Request([1], (all, [(0, Label.MetricName, "h")])));
        yield return ("no snappy", [1, 2, 3, 4, 5]);
        yield return ("empty", []);
        yield return ("no protobuf", Snappy.CompressToArray([0x0a, 0x7f, 1]));
    }

    private static byte[] Request(
        int[] accepted, params ((long StartMs, long EndMs) Range, (int Type, string Name, string Value)[] Matchers)[] queries)
    {
        var writer = new ProtobufWriter();
        foreach (var (range, matchers) in queries)
        {
            var query = writer.Begin(1);
            writer.Int64(1, range.StartMs);
            writer.Int64(2, range.EndMs);
            foreach (var (type, name, value) in matchers)
            {
                var matcher = writer.Begin(3);
                writer.Int64(1, type);
                writer.Text(2, name);
                writer.Text(3, value);
                writer.End(matcher);
            }
            writer.End(query);
        }
        foreach (var type in accepted)
        {
            writer.UInt64EvenZero(2, (ulong)type);
        }
        return Snappy.CompressToArray(writer.Written);
    }

    /// <summary>Status, kind, and the series with their samples, whatever chunks they came in; or the words of a refusal.</summary>
    private static async Task<string> AskAsync(HttpClient client, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.Add("Content-Type", "application/x-protobuf");
        content.Headers.Add("Content-Encoding", "snappy");
        using var answer = await client.PostAsync("/api/v1/read", content);
        var bytes = await answer.Content.ReadAsByteArrayAsync();
        var head = $"{(int)answer.StatusCode} {answer.Content.Headers.ContentType} {answer.Content.Headers.ContentEncoding}";
        if (!answer.IsSuccessStatusCode)
        {
            return $"{(int)answer.StatusCode} {System.Text.Encoding.UTF8.GetString(bytes)}";
        }
        var series = new List<ReadSeries>();
        if (answer.Content.Headers.ContentType?.MediaType == "application/x-protobuf")
        {
            ReadResponseMessage.ReadSamples(Snappy.DecompressToArray(bytes), series);
        }
        else
        {
            ReadFrames(bytes, series);
        }
        return $"{head}\n{string.Join('\n', series.Select(Show).Order(StringComparer.Ordinal))}";
    }

    /// <summary>Each frame: its message's length as a varint, four bytes of a checksum that is not looked at here, the message.</summary>
    private static void ReadFrames(ReadOnlySpan<byte> frames, List<ReadSeries> into)
    {
        while (frames.Length > 0)
        {
            var (length, at) = (0, 0);
            do
            {
                length |= (frames[at] & 0x7f) << (7 * at);
            }
            while (frames[at++] >= 0x80);
            ReadResponseMessage.ReadChunks(
                frames.Slice(at + sizeof(uint), length), new ReadQuery(long.MinValue, long.MaxValue, []), "test", into);
            frames = frames[(at + sizeof(uint) + length)..];
        }
    }

    private static string Show(ReadSeries series)
    {
        var samples = new SampleBuffer();
        series.Read(long.MinValue, long.MaxValue, samples);
        return $"{series.Labels.ToBracedText()} {string.Join(' ', Enumerable.Range(0, samples.Count).Select(i => Show(samples, i)))}";
    }

    private static string Show(SampleBuffer samples, int i) => string.Create(
        CultureInfo.InvariantCulture,
        $"{samples.Timestamps[i] - StartMs}={(samples.HasHistograms && samples.Histograms[i] is { } histogram
            ? $"{histogram.Count}/{histogram.Sum}/{histogram.Schema}/{string.Join(',', histogram.PositiveBuckets)}"
            : BitConverter.DoubleToInt64Bits(samples.Values[i]).ToString("x", CultureInfo.InvariantCulture))}");

    private static string Short(string text) => text.Length > 600 ? text[..600] + "..." : text;

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");
}
