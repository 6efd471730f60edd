using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pharos.Collection.Scraping;
using Pharos.Collection.Scraping.Fetching;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Scraping;

/// <summary>Fetches over real sockets.</summary>
public sealed class ScrapeFetcherTests : IDisposable
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
    private readonly FakeTimeProvider _time = new(ScrapeStage.Start);
    private readonly Meter _meter = new("test");
    private readonly Server _server = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxResponseDrainSize = 0 }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly CollectorContext _context;

    public ScrapeFetcherTests() =>
        _context = new CollectorContext(
            new FakeMetricStore(), _time, new ListLogger(), new CollectionMetrics(_meter), new CollectorOptions());

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task A_connection_is_used_again()
    {
        _server.Answer(Head + "Content-Length: 4\r\n\r\na 1\n", Head + "Transfer-Encoding: chunked\r\n\r\n4\r\na 2\n\r\n0\r\n\r\n",
            Head + "Content-Length: 4\r\n\r\na 3\n");
        var fetcher = Fetcher();
        Assert.Equal("a 1\n", await FetchAsync(fetcher));
        Assert.Equal("a 2\n", await FetchAsync(fetcher));
        Assert.Equal("a 3\n", await FetchAsync(fetcher));
        Assert.Equal(1, _server.Connections);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData(Head + "Content-Length: 8\r\n\r\na 1\n")]
    [InlineData(Head + "\r\na 1\n")]
    [InlineData(Head + "Transfer-Encoding: chunked\r\n\r\n4\r\na 1\n\r\n")]
    public async Task What_hangs_is_given_up_when_its_time_is_over(string start)
    {
        _server.Answer(start + Server.ThenHang, Head + "Content-Length: 4\r\n\r\na 2\n");
        var fetcher = Fetcher();
        var fetch = FetchAsync(fetcher);
        await _server.WhenHanging();
        while (_time.Step(ScrapeStage.Start + TimeSpan.FromSeconds(6)))
        {
        }
        Assert.Contains("context deadline exceeded", await fetch.WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        Assert.Equal("a 2\n", await FetchAsync(fetcher));
        Assert.Equal(2, _server.Connections);
    }

    [Fact]
    public async Task What_hangs_does_not_keep_anybody_from_stopping()
    {
        _server.Answer(Head + "Content-Length: 8\r\n\r\na 1\n" + Server.ThenHang);
        using var stop = new CancellationTokenSource();
        var fetch = FetchAsync(Fetcher(), stop.Token);
        await _server.WhenHanging();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData(Head + "Content-Length: 8\r\n\r\na 1\n")]
    [InlineData("HTTP/1.1 2")]
    [InlineData("what?\r\n\r\n")]
    public async Task What_is_cut_is_a_failure_and_the_next_fetch_connects_again(string start)
    {
        _server.Answer(start + Server.ThenCut, Head + "Content-Length: 4\r\n\r\na 2\n");
        var fetcher = Fetcher();
        Assert.StartsWith("error: ", await FetchAsync(fetcher), StringComparison.Ordinal);
        Assert.Equal("a 2\n", await FetchAsync(fetcher));
    }

    private ScrapeFetcher Fetcher()
    {
        var url = new Uri($"http://127.0.0.1:{_server.Port}/metrics");
        var job = new ScrapeJobOptions
        {
            JobName = "j",
            ScrapeInterval = TimeSpan.FromSeconds(10),
            ScrapeTimeout = TimeSpan.FromSeconds(5),
            CreateHttpClient = () => _client,
        };
        return new ScrapeFetcher(_client, job, new ScrapeTarget(LabelSet.Empty, LabelSet.Empty, url, url.Authority)
        {
            Interval = job.ScrapeInterval,
            Timeout = job.ScrapeTimeout,
        }, _context);
    }

    private static async Task<string> FetchAsync(ScrapeFetcher fetcher, CancellationToken stop = default)
    {
        using var fetch = await fetcher.FetchAsync(stop);
        stop.ThrowIfCancellationRequested();
        return fetch.Error is { } error ? $"error: {error}" : Encoding.UTF8.GetString(fetch.Body.Span);
    }

    /// <summary>Answers one request after the other as it was told, each on whatever connection it comes.</summary>
    private sealed class Server : IDisposable
    {
        public const string ThenHang = "\u0001";
        public const string ThenCut = "\u0002";
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Queue<string> _answers = new();
        private readonly SemaphoreSlim _hanging = new(0);
        private readonly List<TcpClient> _open = [];

        public Server()
        {
            _listener.Start();
            _ = AcceptAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public int Connections { get; private set; }

        /// <summary>Ends when the next answer that hangs was begun.</summary>
        public async Task WhenHanging() => Assert.True(await _hanging.WaitAsync(TimeSpan.FromSeconds(20)));

        public void Answer(params string[] answers)
        {
            foreach (var answer in answers)
            {
                _answers.Enqueue(answer);
            }
        }

        public void Dispose()
        {
            _listener.Dispose();
            lock (_answers)
            {
                _open.ForEach(client => client.Dispose());
            }
        }

        private async Task AcceptAsync()
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    lock (_answers)
                    {
                        _open.Add(client);
                        Connections++;
                    }
                    _ = ServeAsync(client);
                }
            }
            catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
            {
            }
        }

        private async Task ServeAsync(TcpClient client)
        {
            try
            {
                var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                while (true)
                {
                    string? line;
                    while ((line = await reader.ReadLineAsync()) is { Length: > 0 })
                    {
                    }
                    if (line is null)
                    {
                        return;
                    }
                    string answer;
                    lock (_answers)
                    {
                        answer = _answers.Dequeue();
                    }
                    // In two pieces, so that the reader waits in the middle, too.
                    var bytes = Encoding.ASCII.GetBytes(answer.TrimEnd('\u0001', '\u0002'));
                    await client.GetStream().WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
                    await client.GetStream().WriteAsync(bytes.AsMemory(bytes.Length / 2));
                    if (answer.EndsWith(ThenHang, StringComparison.Ordinal))
                    {
                        _hanging.Release();
                        return;
                    }
                    if (answer.EndsWith(ThenCut, StringComparison.Ordinal))
                    {
                        client.Dispose();
                        return;
                    }
                }
            }
            catch (Exception closed) when (closed is IOException or ObjectDisposedException)
            {
            }
        }
    }
}
