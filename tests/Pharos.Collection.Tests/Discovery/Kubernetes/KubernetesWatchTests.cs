using Pharos.Collection.Discovery.Kubernetes;

namespace Pharos.Collection.Tests.Discovery.Kubernetes;

/// <summary>How a cluster is followed: list, watch, bookmarks, versions that are too old.</summary>
public sealed class KubernetesWatchTests
{
    [Fact]
    public async Task Changes_are_followed()
    {
        await using var server = await KubernetesApiServer.StartAsync();
        server.Put(Cluster.Pods, Cluster.Pod("a", "10.0.0.1"));
        await using var run = new DiscoveryRun(ClusterOptions.Of(server, KubernetesRole.Pod));
        Assert.Single(await run.NextAsync());

        server.Put(Cluster.Pods, Cluster.Pod("b", "10.0.0.2"));
        await run.NextAsync(groups => groups.Count == 2);
        server.Put(Cluster.Pods, Cluster.Pod("a", "10.0.0.1", "Failed"));
        await run.NextAsync(groups => groups[0].Labels["__meta_kubernetes_pod_phase"] == "Failed");
        server.Delete($"{Cluster.Pods}/b");
        Assert.Equal("pod/shop/a", Assert.Single(await run.NextAsync(groups => groups.Count == 1)).Source);
        Assert.DoesNotContain(server.Asked, path => path.Contains("watch=true", StringComparison.Ordinal) && !path.Contains(
            "allowWatchBookmarks=true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_watch_that_ends_goes_on_from_the_last_bookmark_without_a_list()
    {
        await using var server = await KubernetesApiServer.StartAsync();
        await using var run = new DiscoveryRun(ClusterOptions.Of(server, KubernetesRole.Pod));
        await run.NextAsync();
        await UntilAsync(() => server.Watchers == 1);
        server.Bookmark();
        server.Put(Cluster.Pods, Cluster.Pod("a"));
        await run.NextAsync(groups => groups.Count == 1);
        server.Bookmark();
        server.Put(Cluster.Pods, Cluster.Pod("b"));
        await run.NextAsync(groups => groups.Count == 2);
        server.EndWatches();
        server.Put(Cluster.Pods, Cluster.Pod("c"));
        await run.NextAsync(groups => groups.Count == 3);
        Assert.Single(server.Asked, path => path.Contains("limit=", StringComparison.Ordinal));
        Assert.Equal(["100", "104"], server.Asked.Where(path => path.Contains("watch=true", StringComparison.Ordinal))
            .Select(path => path[(path.IndexOf("resourceVersion=", StringComparison.Ordinal) + 16)..]));
    }

    [Fact]
    public async Task A_version_that_is_too_old_is_listed_again()
    {
        await using var server = await KubernetesApiServer.StartAsync();
        server.Put(Cluster.Pods, Cluster.Pod("a"));
        server.Put(Cluster.Pods, Cluster.Pod("b"));
        await using var run = new DiscoveryRun(ClusterOptions.Of(server, KubernetesRole.Pod));
        await run.NextAsync(groups => groups.Count == 2);
        await UntilAsync(() => server.Watchers == 1);

        // What happens between the watches, and is then forgotten, only a list can tell.
        server.EndWatches();
        server.Delete($"{Cluster.Pods}/a");
        server.Compact();
        Assert.Equal("pod/shop/b", Assert.Single(await run.NextAsync(groups => groups.Count == 1)).Source);

        await UntilAsync(() => server.Watchers == 1);
        server.SendGone();
        server.Put(Cluster.Pods, Cluster.Pod("c"));
        await run.NextAsync(groups => groups.Count == 2);
        Assert.True(server.Asked.Count(path => path.Contains("limit=", StringComparison.Ordinal)) >= 2);
        Assert.DoesNotContain(run.Logger.Lines, line => line.Level > Microsoft.Extensions.Logging.LogLevel.Information);
    }

    [Fact]
    public async Task Long_lists_come_in_pages()
    {
        await using var server = await KubernetesApiServer.StartAsync();
        for (var i = 0; i < 1100; i++)
        {
            server.Put(Cluster.Pods, Cluster.Pod($"p{i}"));
        }
        await using var run = new DiscoveryRun(ClusterOptions.Of(server, KubernetesRole.Pod));
        Assert.Equal(1100, (await run.NextAsync()).Count);
        Assert.Equal(3, server.Asked.Count(path => path.Contains("limit=500", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Namespaces_and_selectors_narrow_what_is_asked_for()
    {
        await using var server = await KubernetesApiServer.StartAsync();
        server.Put(Cluster.Pods, Cluster.Pod("a"));
        server.Put("/api/v1/namespaces/other/pods", Cluster.Pod("b"));
        server.Put("/api/v1/namespaces/third/pods", Cluster.Pod("c"));
        var options = ClusterOptions.Of(server, KubernetesRole.Pod) with { Namespaces = ["third"], OwnNamespace = true };
        await using (var run = new DiscoveryRun(options))
        {
            Assert.Equal(["pod/shop/a", "pod/third/c"], (await run.NextAsync()).Select(group => group.Source));
        }
        var selected = ClusterOptions.Of(server, KubernetesRole.Pod) with
        {
            Selectors = [new KubernetesSelector("pod", "app=web", "metadata.name=b")],
        };
        await using (var run = new DiscoveryRun(selected))
        {
            Assert.Equal("pod/other/b", Assert.Single(await run.NextAsync()).Source);
        }
    }

    [Fact]
    public async Task An_unwilling_server_is_named_and_asked_again()
    {
        await using var server = await KubernetesApiServer.StartAsync(token: "good");
        await using var run = new DiscoveryRun(ClusterOptions.Of(server, KubernetesRole.Pod));
        Assert.Equal("Job j: kubernetes discovery cannot follow pods: /api/v1/pods: 401 Unauthorized: Unauthorized", await run.ErrorAsync());
        await UntilAsync(() => server.Asked.Count() > 1);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (var i = 0; i < 800 && !condition(); i++)
        {
            await Task.Delay(25);
        }
        Assert.True(condition());
    }
}
