using System.Text;
using Pharos.Collection.RemoteStorage.Wire;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Conformance.Tests.Peers;

/// <summary>Real Prometheus and the real executable are sent the same remote-write requests of version 1.0, good and bad: both
/// answer with the same status, and ours begins with the same words.</summary>
/// <remarks>Ours goes on to name the series, and keeps the good samples beside a refused one. What the installed version judges
/// otherwise than a newer one is not sent: wrong content types, labels that come twice, histograms that contradict themselves,
/// timestamps far ahead, no label at all; nor are samples that are out of order within their own request, which it drops in silence.</remarks>
public sealed class RemoteWriteRefusalTests
{
    private const string Prometheus = "/usr/bin/prometheus";
    private const string Known = "known";

    private static readonly long NowMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    [Fact]
    public async Task Both_accept_and_refuse_the_same()
    {
        PeerProcess.Need(Prometheus, PeerProcess.Pharos);
        var folder = Directory.CreateTempSubdirectory("pharos-remote-write-in").FullName;
        try
        {
            var (ours, theirs) = (Address(), Address());
            await File.WriteAllTextAsync(Path.Combine(folder, "both.yml"), "global: {}\n");
            await using var pharos = await PeerProcess.ServeAsync(
                PeerProcess.Pharos, new Uri(ours, "/-/ready"), "serve", $"--config.file={folder}/both.yml", $"--data={folder}/ours",
                $"--web.listen-address={ours.Authority}", "--web.enable-remote-write-receiver");
            await using var prometheus = await PeerProcess.ServeAsync(
                Prometheus, new Uri(theirs, "/-/ready"), $"--config.file={folder}/both.yml", $"--storage.tsdb.path={folder}/theirs",
                $"--web.listen-address={theirs.Authority}", "--web.enable-remote-write-receiver",
                "--enable-feature=native-histograms,exemplar-storage");
            using var pharosClient = new HttpClient { BaseAddress = ours };
            using var prometheusClient = new HttpClient { BaseAddress = theirs };
            var differences = new List<string>();
            foreach (var (name, body) in Requests())
            {
                var (our, their) = (await PushAsync(pharosClient, body), await PushAsync(prometheusClient, body));
                if (our.Status != their.Status || !our.Text.StartsWith(their.Text.TrimEnd('\n'), StringComparison.Ordinal))
                {
                    differences.Add($"{name}: Pharos {our}, Prometheus {their}");
                }
            }
            Assert.Empty(differences);
            const string Sorted = "unsorted{a=\"1\",b=\"2\",empty=\"\"}";
            Assert.Equal(await StoredSamples.ReadAsync(prometheusClient, Sorted), await StoredSamples.ReadAsync(pharosClient, Sorted));
            Assert.Single(await StoredSamples.ReadAsync(pharosClient, Sorted));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IEnumerable<(string Name, byte[] Body)> Requests()
    {
        yield return ("a first sample", Series([(Label.MetricName, Known)], (NowMs, 1)));
        yield return ("the same again", Series([(Label.MetricName, Known)], (NowMs, 1)));
        yield return ("another value", Series([(Label.MetricName, Known)], (NowMs, 2)));
        yield return ("an older sample", Series([(Label.MetricName, Known)], (NowMs - 1000, 1)));
        yield return ("a marker of staleness", Series([(Label.MetricName, Known)], (NowMs + 1000, StaleMarker.Value)));
        yield return ("no name", Series([("job", "j")], (NowMs, 1)));
        yield return ("an empty name of a label", Series([(Label.MetricName, "empty"), ("", "x")], (NowMs, 1)));
        yield return ("not UTF-8", Series([(Label.MetricName, "text"), ("x", "\uDCFF")], (NowMs, 1)));
        yield return ("unsorted, and an empty value", Series([("b", "2"), ("empty", ""), (Label.MetricName, "unsorted"), ("a", "1")], (NowMs, 1)));
        yield return ("a series without samples", Series([(Label.MetricName, "lone")]));
        var histogram = LabelSet.From((Label.MetricName, "spread"));
        yield return ("a histogram", RemoteWriteBody.Create(histogram, [(NowMs, RemoteReadWireTests.Histogram(3))]));
        yield return ("an older histogram", RemoteWriteBody.Create(histogram, [(NowMs - 1000, RemoteReadWireTests.Histogram(2))]));
        yield return ("an exemplar", Exemplar(Known, NowMs));
        yield return ("an older exemplar", Exemplar(Known, NowMs - 5000));
        yield return ("an exemplar of an unknown series", Exemplar("nobody", NowMs));
        yield return ("an empty request", Snappy.CompressToArray([]));
        yield return ("an empty body", []);
        yield return ("no snappy", [1, 2, 3, 4, 5]);
        yield return ("no protobuf", Snappy.CompressToArray([0x0a, 0x7f, 1]));
    }

    private static byte[] Series((string Name, string Value)[] labels, params (long TimestampMs, double Value)[] samples)
    {
        var writer = new ProtobufWriter();
        var series = writer.Begin(1);
        foreach (var (name, value) in labels)
        {
            var label = writer.Begin(1);
            writer.TextEvenEmpty(1, name);
            // The lone surrogate stands for a byte that is no text.
            writer.Bytes(2, value == "\uDCFF" ? [0xFF] : Encoding.UTF8.GetBytes(value));
            writer.End(label);
        }
        foreach (var (timestampMs, value) in samples)
        {
            LabelMessages.WriteSample(writer, 2, value, timestampMs);
        }
        writer.End(series);
        return Snappy.CompressToArray(writer.Written);
    }

    private static byte[] Exemplar(string name, long timestampMs)
    {
        var writer = new ProtobufWriter();
        var series = writer.Begin(1);
        LabelMessages.WriteLabels(writer, 1, LabelSet.From((Label.MetricName, name)));
        var exemplar = writer.Begin(3);
        LabelMessages.WriteLabels(writer, 1, LabelSet.From(("trace_id", "t")));
        writer.Double(2, 1);
        writer.Int64(3, timestampMs);
        writer.End(exemplar);
        writer.End(series);
        return Snappy.CompressToArray(writer.Written);
    }

    private static async Task<(int Status, string Text)> PushAsync(HttpClient client, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.Add("Content-Type", "application/x-protobuf");
        content.Headers.Add("Content-Encoding", "snappy");
        using var answer = await client.PostAsync("/api/v1/write", content);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static Uri Address() => new($"http://127.0.0.1:{PeerProcess.FreePort()}");
}
