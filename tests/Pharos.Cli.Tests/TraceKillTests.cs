using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Pharos.Cli.Tests;

/// <summary>SIGKILL, again and again, while several senders send spans by two protocols: every request that was acknowledged is there
/// whole, and nothing else.</summary>
public sealed class TraceKillTests : IDisposable
{
    private const int Rounds = 5;
    private const int Senders = 4;
    private const int SpansEach = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-trace-kill-").FullName;

    /// <summary>Of every request, which is one trace: whether it was acknowledged, or found whole after a kill.</summary>
    private readonly Dictionary<string, bool> _sent = [];
    private long _startUs;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_invented()
    {
        const int Seed = 4_712;
        var random = new Random(Seed);
        _startUs = (DateTimeOffset.UtcNow - TimeSpan.FromMinutes(10)).ToUnixTimeMilliseconds() * 1000;
        var config = Path.Combine(_folder, "prometheus.yml");
        await File.WriteAllTextAsync(config, "");
        var acknowledged = 0;
        for (var round = 0; round <= Rounds; round++)
        {
            using var pharos = PharosProcess.Start(
                "serve", $"--config.file={config}", "--data", Path.Combine(_folder, "data"), "--web.listen-address=127.0.0.1:0");
            await pharos.ReadyAsync();
            await CheckAsync(pharos);
            if (round == Rounds)
            {
                break;
            }
            var senders = Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAsync(pharos.Http, round, sender))).ToArray();
            acknowledged = Acknowledged() + random.Next(20, 150);
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (Acknowledged() < acknowledged)
            {
                await Task.Delay(random.Next(1, 10), deadline.Token);
            }
            pharos.Signal("KILL");
            await pharos.ExitAsync();
            await Task.WhenAll(senders);
            Assert.DoesNotContain("level=ERROR", pharos.Output, StringComparison.Ordinal);
        }
        Assert.True(Acknowledged() >= acknowledged && acknowledged >= Rounds * 20, $"seed {Seed}");
    }

    private int Acknowledged()
    {
        lock (_sent)
        {
            return _sent.Values.Count(static isThere => isThere);
        }
    }

    private async Task SendAsync(HttpClient http, int round, int sender)
    {
        for (var number = 0; ; number++)
        {
            var id = $"{round + 1:x8}{sender + 1:x8}{number + 1:x16}";
            lock (_sent)
            {
                _sent.Add(id, false);
            }
            var (path, body) = sender % 2 == 0 ? ("v1/traces", Otlp(id)) : ("api/v2/spans", Zipkin(id));
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            try
            {
                using var answer = await http.PostAsync(path, content);
                Assert.Equal(sender % 2 == 0 ? HttpStatusCode.OK : HttpStatusCode.Accepted, answer.StatusCode);
            }
            catch (HttpRequestException)
            {
                // Killed while it was under way: it may be there, as a whole.
                return;
            }
            lock (_sent)
            {
                _sent[id] = true;
            }
        }
    }

    private string Otlp(string id) => JsonSerializer.Serialize(new
    {
        resourceSpans = new[]
        {
            new
            {
                resource = new { attributes = new[] { new { key = "service.name", value = new { stringValue = "load" } } } },
                scopeSpans = new[]
                {
                    new
                    {
                        spans = Enumerable.Range(0, SpansEach).Select(span => new
                        {
                            traceId = id,
                            spanId = SpanId(span),
                            parentSpanId = ParentId(span),
                            name = "work",
                            startTimeUnixNano = $"{StartUs(span)}000",
                            endTimeUnixNano = $"{StartUs(span) + 10}000",
                            attributes = new[] { new { key = "number", value = new { intValue = $"{span}" } } },
                        }),
                    },
                },
            },
        },
    });

    private string Zipkin(string id) => JsonSerializer.Serialize(Enumerable.Range(0, SpansEach).Select(span => new
    {
        traceId = id,
        id = SpanId(span),
        parentId = span == 0 ? null : ParentId(span),
        name = "work",
        timestamp = StartUs(span),
        duration = 10,
        localEndpoint = new { serviceName = "load" },
        tags = new { number = $"{span}" },
    }));

    private static string ParentId(int span) => span == 0 ? "" : SpanId(0);

    private static string SpanId(int span) => (span + 1).ToString("x16", CultureInfo.InvariantCulture);

    private long StartUs(int span) => _startUs + (span * 100);

    private async Task CheckAsync(PharosProcess pharos)
    {
        var there = new Dictionary<string, int>();
        var answer = await pharos.JsonAsync("api/traces?service=load&limit=100000&lookback=1h");
        foreach (var trace in answer.GetProperty("data").EnumerateArray())
        {
            there.Add(trace.GetProperty("traceID").GetString()!, Numbers(trace));
        }
        foreach (var (id, isThere) in _sent.ToArray())
        {
            if (there.Remove(id, out var spans))
            {
                Assert.Equal(SpansEach, spans);
                _sent[id] = true;
            }
            else
            {
                Assert.False(isThere, $"{id} was acknowledged");
                _sent.Remove(id);
            }
        }
        Assert.Empty(there);
    }

    /// <summary>How many different spans a trace has, by their attribute.</summary>
    private static int Numbers(JsonElement trace) => trace.GetProperty("spans").EnumerateArray()
        .SelectMany(static span => span.GetProperty("tags").EnumerateArray())
        .Where(static tag => tag.GetProperty("key").GetString() == "number")
        .Select(static tag => tag.GetProperty("value").ToString()).Distinct().Count();
}
