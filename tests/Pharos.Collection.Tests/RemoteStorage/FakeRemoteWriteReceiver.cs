using System.Globalization;
using System.Net;
using Pharos.Collection.Protobuf;
using Pharos.Storage.Model;
using Snappier;

namespace Pharos.Collection.Tests.RemoteStorage;

/// <summary>The other end of remote write 1.0: reads what is posted, and answers as the test says.</summary>
internal sealed class FakeRemoteWriteReceiver : HttpMessageHandler
{
    private readonly Lock _gate = new();
    private readonly List<(string Series, long TimestampMs, double Value)> _samples = [];

    /// <summary>From the number of the request (from 0) to its answer; null hangs until the caller gives up.</summary>
    public Func<int, HttpResponseMessage?> Answer { get; set; } = _ => new HttpResponseMessage(HttpStatusCode.NoContent);

    public int Requests { get; private set; }

    public List<string> Families { get; } = [];

    public int Exemplars { get; private set; }

    /// <summary>Exemplars that came in a request without a sample of their series.</summary>
    public int LonelyExemplars { get; private set; }

    public List<string> Versions { get; } = [];

    /// <summary>As Prometheus, refuses a request as a whole where a sample of it is older than what is there.</summary>
    public bool RefusesOldSamples { get; set; }

    public IReadOnlyList<(string Series, long TimestampMs, double Value)> Samples
    {
        get
        {
            lock (_gate)
            {
                return [.. _samples];
            }
        }
    }

    public HttpClient Client() => new(this, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
        HttpResponseMessage? answer;
        lock (_gate)
        {
            Versions.Add(string.Join(',', request.Headers.GetValues("X-Prometheus-Remote-Write-Version")));
            answer = Answer(Requests++);
            if (answer is { IsSuccessStatusCode: true } && !Store(Snappy.DecompressToArray(body)))
            {
                answer = new HttpResponseMessage(HttpStatusCode.BadRequest) { Content = new StringContent("out of order sample\n") };
            }
        }
        if (answer is null)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
        return answer!;
    }

    private bool Store(ReadOnlySpan<byte> message)
    {
        var read = new List<(string Series, long TimestampMs, double Value)>();
        var exemplars = new List<string>();
        var request = new ProtobufReader(message);
        while (request.Next(out var field))
        {
            if (field == 1)
            {
                ReadSeries(request.Bytes(), read, exemplars);
            }
            else
            {
                Families.Add(Convert.ToString(request.Bytes().Length, CultureInfo.InvariantCulture));
            }
        }
        if (RefusesOldSamples && read.Exists(one => _samples.Exists(old => old.Series == one.Series && old.TimestampMs > one.TimestampMs)))
        {
            return false;
        }
        Exemplars += exemplars.Count;
        LonelyExemplars += exemplars.Count(series => !read.Exists(one => one.Series == series));
        _samples.AddRange(read.Where(one => !_samples.Contains(one)));
        return true;
    }

    private static void ReadSeries(ReadOnlySpan<byte> message, List<(string, long, double)> into, List<string> exemplars)
    {
        var labels = new LabelSetBuilder();
        var series = new ProtobufReader(message);
        while (series.Next(out var field))
        {
            if (field == 1)
            {
                var (name, value) = ("", "");
                var label = new ProtobufReader(series.Bytes());
                while (label.Next(out var part))
                {
                    (name, value) = part == 1 ? (label.Text(), value) : (name, label.Text());
                }
                labels.Set(name, value);
            }
            else if (field == 2)
            {
                var (timestampMs, number) = (0L, 0d);
                var sample = new ProtobufReader(series.Bytes());
                while (sample.Next(out var part))
                {
                    (number, timestampMs) = part == 1 ? (sample.Double(), timestampMs) : (number, sample.Int64());
                }
                into.Add((labels.Build().ToString(), timestampMs, number));
            }
            else
            {
                if (field == 3)
                {
                    exemplars.Add(labels.Build().ToString());
                }
                series.Skip();
            }
        }
    }
}
