using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Pharos.Collection.Discovery.Consul;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Discovery;

public sealed class ConsulDiscoveryTests
{
    private const string Instance = """
        [{"Node":{"Node":"node1","Address":"1.1.1.1","Datacenter":"dc1","Meta":{"rack name":"2304"},"TaggedAddresses":{"lan":"192.168.10.10"}},
          "Service":{"ID":"web1","Service":"web","Tags":["tag1","tag2"],"Address":"","Port":3341,"Meta":{"version":"1.0"},"Namespace":"ns","Partition":"p"},
          "Checks":[{"CheckID":"a","Status":"passing"},{"CheckID":"b","Status":"warning"}]}]
        """;

    [Fact]
    public async Task Services_of_the_catalog_become_groups_and_go_with_them()
    {
        await using var agent = await AgentDouble.StartAsync();
        agent.Set("/v1/catalog/services", """{"web":["tag1"],"other":["tag2"]}""");
        agent.Set("/v1/health/service/web", Instance);
        agent.Set("/v1/health/service/other", "[]");
        await using var run = new DiscoveryRun(Options(agent));
        var groups = await run.NextAsync(groups => groups.Count == 2);
        Assert.Equal(LabelSet.From(
            ("__address__", "1.1.1.1:3341"), ("__meta_consul_service", "web"), ("__meta_consul_dc", "dc1"), ("__meta_consul_address", "1.1.1.1"),
            ("__meta_consul_node", "node1"), ("__meta_consul_tags", ",tag1,tag2,"), ("__meta_consul_service_port", "3341"),
            ("__meta_consul_service_id", "web1"), ("__meta_consul_health", "warning"), ("__meta_consul_metadata_rack_name", "2304"),
            ("__meta_consul_service_metadata_version", "1.0"), ("__meta_consul_tagged_address_lan", "192.168.10.10"),
            ("__meta_consul_namespace", "ns"), ("__meta_consul_partition", "p")), Assert.Single(DiscoveryRun.Flat(groups)));

        // A blocking query answers at once when something changes.
        agent.Set("/v1/health/service/web", "[]");
        await run.NextAsync(groups => groups.All(group => group.Targets.Count == 0));
        agent.Set("/v1/catalog/services", """{"other":["tag2"]}""");
        Assert.Equal("other", Assert.Single(await run.NextAsync(groups => groups.Count == 1)).Source);
        Assert.Contains(agent.Asked, path => path.StartsWith("/v1/catalog/services?wait=120s&index=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tags_and_other_conditions_narrow_what_is_asked_for()
    {
        await using var agent = await AgentDouble.StartAsync();
        agent.Set("/v1/catalog/services", """{"web":["tag1","tag2"],"other":["tag2"]}""");
        agent.Set("/v1/health/service/web", Instance);
        await using var run = new DiscoveryRun(Options(agent) with
        {
            Datacenter = "dc2",
            Tags = ["tag1"],
            NodeMeta = [KeyValuePair.Create("k", "v")],
            Filter = "f",
            HealthFilter = "h",
            AllowStale = false,
        });
        Assert.Equal("web", Assert.Single(await run.NextAsync(groups => groups.Count > 0)).Source);
        Assert.Contains("/v1/catalog/services?wait=120s&dc=dc2&filter=f&node-meta=k%3Av", agent.Asked);
        Assert.Contains("/v1/health/service/web?wait=120s&dc=dc2&filter=h&tag=tag1&node-meta=k%3Av", agent.Asked);
        Assert.DoesNotContain("/v1/agent/self", agent.Asked);
    }

    [Fact]
    public async Task Named_services_need_no_catalog()
    {
        await using var agent = await AgentDouble.StartAsync();
        agent.Set("/v1/health/service/web", Instance);
        await using var run = new DiscoveryRun(Options(agent) with { Services = ["web"] });
        Assert.Equal("web", Assert.Single(await run.NextAsync()).Source);
        Assert.DoesNotContain(agent.Asked, path => path.StartsWith("/v1/catalog", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_failing_agent_is_named()
    {
        await using var agent = await AgentDouble.StartAsync();
        await using var run = new DiscoveryRun(Options(agent) with { Datacenter = "dc1" });
        Assert.Equal("Job j: error refreshing the service list from Consul: Unexpected response code: 500", await run.ErrorAsync());
    }

    private static ConsulDiscoveryOptions Options(AgentDouble agent) => new()
    {
        Address = agent.Url, Http = DiscoveryRun.Http, RefreshInterval = TimeSpan.FromMilliseconds(20),
    };

    /// <summary>An agent whose answers carry an index; a query with the current one waits for the next.</summary>
    private sealed class AgentDouble : IAsyncDisposable
    {
        private readonly ConcurrentDictionary<string, (string Json, int Index, TaskCompletionSource Changed)> _answers = new(StringComparer.Ordinal);
        private HttpDouble _http = null!;
        private int _index;

        public string Url => _http.Url;

        public IEnumerable<string> Asked => _http.Asked;

        public static async Task<AgentDouble> StartAsync()
        {
            var agent = new AgentDouble();
            agent._http = await HttpDouble.StartAsync(agent.AnswerAsync);
            agent.Set("/v1/agent/self", """{"Config":{"Datacenter":"dc1"}}""");
            return agent;
        }

        public void Set(string path, string json)
        {
            _answers.TryGetValue(path, out var old);
            _answers[path] = (json, Interlocked.Increment(ref _index), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            old.Changed?.TrySetResult();
        }

        public ValueTask DisposeAsync() => _http.DisposeAsync();

        private async Task AnswerAsync(HttpContext context)
        {
            if (!_answers.TryGetValue(context.Request.Path, out var answer))
            {
                context.Response.StatusCode = 500;
                return;
            }
            if (context.Request.Query["index"] == answer.Index.ToString())
            {
                await answer.Changed.Task.WaitAsync(context.RequestAborted);
                answer = _answers[context.Request.Path];
            }
            context.Response.Headers["X-Consul-Index"] = answer.Index.ToString();
            await context.Response.WriteAsync(answer.Json);
        }
    }
}
