using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Pharos.Collection.Scraping;
using Pharos.Collection.Scraping.Fetching;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Scraping;

/// <summary>Fetches over real sockets, with a thread that waits and without: nobody can tell them apart by what comes out.</summary>
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_connection_is_used_again(bool blocking)
    {
        _server.Answer(Head + "Content-Length: 4\r\n\r\na 1\n", Head + "Transfer-Encoding: chunked\r\n\r\n4\r\na 2\n\r\n0\r\n\r\n",
            Head + "Content-Length: 4\r\n\r\na 3\n");
        var fetcher = Fetcher(blocking);
        Assert.Equal("a 1\n", await FetchAsync(fetcher));
        Assert.Equal("a 2\n", await FetchAsync(fetcher));
        Assert.Equal("a 3\n", await FetchAsync(fetcher));
        Assert.Equal(1, _server.Connections);
    }

    [Theory]
    [InlineData(true, "")]
    [InlineData(true, "HTTP/1.1 200 OK\r\nContent-Le")]
    [InlineData(true, Head + "Content-Length: 8\r\n\r\na 1\n")]
    [InlineData(true, Head + "\r\na 1\n")]
    [InlineData(true, Head + "Transfer-Encoding: chunked\r\n\r\n4\r\na 1\n\r\n")]
    [InlineData(false, "")]
    [InlineData(false, Head + "Content-Length: 8\r\n\r\na 1\n")]
    public async Task What_hangs_is_given_up_when_its_time_is_over(bool blocking, string start)
    {
        _server.Answer(start + Server.ThenHang, Head + "Content-Length: 4\r\n\r\na 2\n");
        var fetcher = Fetcher(blocking);
        var fetch = FetchAsync(fetcher);
        await _server.Hanging;
        while (_time.Step(ScrapeStage.Start + TimeSpan.FromSeconds(6)))
        {
        }
        Assert.Contains("context deadline exceeded", await fetch.WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        Assert.Equal("a 2\n", await FetchAsync(fetcher));
        Assert.Equal(2, _server.Connections);
        Assert.All(Enumerable.Range(0, BlockingFetches.MaxHeld), _ => Assert.True(_context.Blocking.TryEnter()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_hangs_does_not_keep_anybody_from_stopping(bool blocking)
    {
        _server.Answer(Head + "Content-Length: 8\r\n\r\na 1\n" + Server.ThenHang);
        using var stop = new CancellationTokenSource();
        var fetch = FetchAsync(Fetcher(blocking), stop.Token);
        await _server.Hanging;
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch.WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData(true, Head + "Content-Length: 8\r\n\r\na 1\n")]
    [InlineData(true, "HTTP/1.1 2")]
    [InlineData(true, "what?\r\n\r\n")]
    [InlineData(false, Head + "Content-Length: 8\r\n\r\na 1\n")]
    public async Task What_is_cut_is_a_failure_and_the_next_fetch_connects_again(bool blocking, string start)
    {
        _server.Answer(start + Server.ThenCut, Head + "Content-Length: 4\r\n\r\na 2\n");
        var fetcher = Fetcher(blocking);
        Assert.StartsWith("error: ", await FetchAsync(fetcher), StringComparison.Ordinal);
        Assert.Equal("a 2\n", await FetchAsync(fetcher));
    }

    [Fact]
    public async Task No_more_threads_are_held_than_the_pool_was_given_room_for()
    {
        _server.Answer([.. Enumerable.Repeat(Server.ThenHang, BlockingFetches.MaxHeld + 3)]);
        var fetches = Enumerable.Range(0, BlockingFetches.MaxHeld + 3).Select(_ => FetchAsync(Fetcher(blocking: true))).ToArray();
        await _server.AllHanging(fetches.Length);
        Assert.False(_context.Blocking.TryEnter());
        while (_time.Step(ScrapeStage.Start + TimeSpan.FromSeconds(6)))
        {
        }
        Assert.All(await Task.WhenAll(fetches).WaitAsync(TimeSpan.FromSeconds(20)),
            text => Assert.Contains("context deadline exceeded", text, StringComparison.Ordinal));
        Assert.True(_context.Blocking.TryEnter());
    }

    private ScrapeFetcher Fetcher(bool blocking)
    {
        var url = new Uri($"http://127.0.0.1:{_server.Port}/metrics");
        var job = new ScrapeJobOptions
        {
            JobName = "j",
            ScrapeInterval = TimeSpan.FromSeconds(10),
            ScrapeTimeout = TimeSpan.FromSeconds(5),
            CreateHttpClient = () => _client,
            AllowsBlocking = blocking,
        };
        return new ScrapeFetcher(_client, job, new ScrapeTarget(LabelSet.Empty, LabelSet.Empty, url, url.Authority)
        {
            Interval = job.ScrapeInterval,
            Timeout = job.ScrapeTimeout,
        }, _context);
    }

    /// <summary>On a thread of its own, which it may hold.</summary>
    private static Task<string> FetchAsync(ScrapeFetcher fetcher, CancellationToken stop = default) => Task.Factory.StartNew(async () =>
    {
        using var fetch = await fetcher.FetchAsync(stop);
        return fetch.Error is { } error ? $"error: {error}" : Encoding.UTF8.GetString(fetch.Body.Span);
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();

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

        public Task Hanging => AllHanging(1);

        public async Task AllHanging(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(await _hanging.WaitAsync(TimeSpan.FromSeconds(20)));
            }
        }

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
