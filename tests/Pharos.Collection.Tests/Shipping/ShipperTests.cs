using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Pharos.Collection.Discovery;
using Pharos.Collection.Discovery.Kubernetes;
using Pharos.Collection.Receivers.Loki.Intake;
using Pharos.Collection.Relabeling;
using Pharos.Collection.Shipping;
using Pharos.Collection.Shipping.Clients;
using Pharos.Collection.Shipping.Stages.Parsing;
using Pharos.Collection.Tests.Discovery.Kubernetes;
using Pharos.Storage.Logs;
using Pharos.Storage.Model;

namespace Pharos.Collection.Tests.Shipping;

/// <summary>The whole way: a cluster's pods, their log files, stages, the store.</summary>
public sealed class ShipperTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pharos-ship-").FullName;
    private readonly Meter _meter = new("ship");
    private readonly LogStore _store;
    private readonly Shipper _shipper;

    public ShipperTests()
    {
        _store = LogStore.Open(new LogStoreOptions { Directory = Path.Combine(_folder, "store") }, TimeProvider.System, NullLogger.Instance, _meter);
        var intake = new LokiIntake(_store, static _ => LokiIngestLimits.Default with { RejectOldSamples = false }, TimeProvider.System, _meter);
        _shipper = new Shipper(new ShipperSurroundings(
            intake, TimeProvider.System, NullLogger.Instance, _meter, static _ => throw new NotSupportedException(), "n1"));
    }

    public async ValueTask DisposeAsync()
    {
        await _shipper.DisposeAsync();
        await _store.DisposeAsync();
        _meter.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Logs_of_a_cluster_s_pods_are_found_and_each_client_has_them_once()
    {
        await using var server = await KubernetesApiServer.StartAsync();
        server.Put(Cluster.Pods, """
            {"metadata":{"name":"web-1","namespace":"shop","uid":"u-1","labels":{"name":"web"}},
             "spec":{"nodeName":"n1","containers":[{"name":"main","ports":[{"containerPort":80},{"containerPort":81}]}]},
             "status":{"podIP":"10.0.0.1","phase":"Running"}}
            """);
        var log = Path.Combine(_folder, "pods", "shop_web-1_u-1", "main", "0.log");
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        await File.WriteAllTextAsync(log, "2024-01-01T00:00:00Z stdout P hello \n2024-01-01T00:00:01Z stdout F world\n");
        var options = Options(ClusterOptions.Of(server, KubernetesRole.Pod));
        await _shipper.ApplyAsync(options);
        await WaitAsync("fake", 1);
        await WaitAsync("other", 1);
        await _shipper.ApplyAsync(options with { Limits = new ShipReadLimits { MaxLineBytes = 1 } });
        Assert.Equal([log, log], _shipper.Jobs[0].Files.Select(static file => file.Path));
        await _shipper.ApplyAsync(options with { Fingerprint = "another" });
        await File.AppendAllTextAsync(log, "2024-01-01T00:00:02Z stderr F more\n");
        await WaitAsync("fake", 2);
        await WaitAsync("other", 2);
        await _shipper.ApplyAsync(null);
        Assert.Empty(_shipper.Jobs);
        var expected = (string[])[
            $"{{filename=\"{log}\", pod=\"web-1\", service=\"web\", service_name=\"web\", stream=\"stderr\"}} more",
            $"{{filename=\"{log}\", pod=\"web-1\", service=\"web\", service_name=\"web\", stream=\"stdout\"}} hello world"];
        Assert.Equal(expected, Stored("fake"));
        Assert.Equal(expected, Stored("other"));
    }

    [Fact]
    public async Task A_glob_that_names_rotated_files_too_repeats_nothing()
    {
        var logs = Directory.CreateDirectory(Path.Combine(_folder, "logs")).FullName;
        string Log(int number) => Path.Combine(logs, number == 0 ? "a.log" : $"a.log.{number}");
        await File.WriteAllTextAsync(Log(0), "3\n");
        await File.WriteAllTextAsync(Log(1), "2\n");
        await File.WriteAllTextAsync(Log(2), "1\n");
        var targets = TargetGroup.FromAddresses("0", ["localhost"], LabelSet.From(("__path__", Path.Combine(logs, "a.log*"))));
        await _shipper.ApplyAsync(new ShipperOptions
        {
            Fingerprint = "one",
            Clients = [new ShipClientOptions { Name = "a" }],
            TargetSyncPeriod = TimeSpan.FromMilliseconds(500),
            Jobs = [new ShipJobOptions { JobName = "j", Discoveries = [new StaticDiscoveryOptions([targets])] }],
        });
        await WaitAsync("fake", 3);
        for (var i = 2; i >= 0; i--)
        {
            File.Move(Log(i), Log(i + 1));
        }
        await File.WriteAllTextAsync(Log(0), "4\n");
        await WaitAsync("fake", 4);

        // A copy comes to a path that was a target of its own.
        File.Delete(Log(1));
        await File.AppendAllTextAsync(Log(0), "5\n");
        await WaitAsync("fake", 5);
        File.Copy(Log(0), Log(1));
        await File.WriteAllTextAsync(Log(0), "");
        await Task.Delay(4000);
        Assert.Equal(["1", "2", "3", "4", "5"], Stored("fake").Select(line => line[^1..]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_new_file_is_found_before_its_glob_is_due_and_what_was_rotated_from_it_by_then()
    {
        var logs = Directory.CreateDirectory(Path.Combine(_folder, "logs")).FullName;
        await File.WriteAllTextAsync(Path.Combine(logs, "a.log"), "1\n");
        await File.WriteAllTextAsync(Path.Combine(logs, "b.log.1"), "of an hour ago\n");
        File.SetLastWriteTimeUtc(Path.Combine(logs, "b.log.1"), DateTime.UtcNow.AddHours(-1));
        var targets = TargetGroup.FromAddresses("0", ["localhost"], LabelSet.From(("__path__", Path.Combine(logs, "*.log"))));
        await _shipper.ApplyAsync(new ShipperOptions
        {
            Fingerprint = "one",
            Clients = [new ShipClientOptions { Name = "a" }],
            TargetSyncPeriod = TimeSpan.FromHours(1),
            Jobs = [new ShipJobOptions { JobName = "j", Discoveries = [new StaticDiscoveryOptions([targets])] }],
        });
        await WaitAsync("fake", 1);
        await File.WriteAllTextAsync(Path.Combine(logs, "b.log"), "2\n");
        File.Move(Path.Combine(logs, "b.log"), Path.Combine(logs, "b.log.2"));
        await File.WriteAllTextAsync(Path.Combine(logs, "b.log"), "3\n");
        await WaitAsync("fake", 3);
        Assert.Equal(["1", "2", "3"], Stored("fake").Select(static line => line[^1..]).Order(StringComparer.Ordinal));
        var lags = new List<(string? Path, double Seconds)>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (ReferenceEquals(instrument.Meter, _meter) && instrument.Name == "promtail_stream_lag_seconds")
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => lags.Add((tags[2].Value as string, seconds)));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Contains(lags, lag => lag.Path == Path.Combine(logs, "a.log") && lag.Seconds is >= 0 and < 60);
    }

    [Fact]
    public async Task A_file_that_comes_and_is_rotated_while_nobody_ships_is_new()
    {
        var logs = Directory.CreateDirectory(Path.Combine(_folder, "logs")).FullName;
        await File.WriteAllTextAsync(Path.Combine(logs, "a.log"), "1\n");
        await File.WriteAllTextAsync(Path.Combine(logs, "b.log.2"), "of an hour ago\n");
        File.SetLastWriteTimeUtc(Path.Combine(logs, "b.log.2"), DateTime.UtcNow.AddHours(-1));
        var targets = TargetGroup.FromAddresses("0", ["localhost"], LabelSet.From(("__path__", Path.Combine(logs, "*.log"))));
        var options = new ShipperOptions
        {
            Fingerprint = "one",
            Clients = [new ShipClientOptions { Name = "a" }],
            Jobs = [new ShipJobOptions { JobName = "j", Discoveries = [new StaticDiscoveryOptions([targets])] }],
        };
        await _shipper.ApplyAsync(options);
        await WaitAsync("fake", 1);
        await _shipper.ApplyAsync(options with { Fingerprint = "none", Jobs = [] });
        await File.WriteAllTextAsync(Path.Combine(logs, "b.log"), "2\n");
        File.Move(Path.Combine(logs, "b.log"), Path.Combine(logs, "b.log.1"));
        await File.WriteAllTextAsync(Path.Combine(logs, "b.log"), "3\n");
        await _shipper.ApplyAsync(options with { Fingerprint = "two" });
        await WaitAsync("fake", 3);
        Assert.Equal(["1", "2", "3"], Stored("fake").Select(static line => line[^1..]).Order(StringComparer.Ordinal));
    }

    private ShipperOptions Options(KubernetesDiscoveryOptions cluster) => new()
    {
        Fingerprint = "one",
        Clients = [new ShipClientOptions { Name = "a" }, new ShipClientOptions { Name = "b", TenantId = "other" }],
        Jobs =
        [
            new ShipJobOptions
            {
                JobName = "pods",
                Discoveries = [cluster],
                Stages = [static context => new CriStage(100, 0, false, context)],
                RelabelRules =
                [
                    new RelabelRule { SourceLabels = ["__meta_kubernetes_pod_node_name"], TargetLabel = "__host__" },
                    new RelabelRule { SourceLabels = ["__meta_kubernetes_pod_name"], TargetLabel = "pod" },
                    new RelabelRule { SourceLabels = ["__meta_kubernetes_pod_label_name"], TargetLabel = "service" },
                    new RelabelRule
                    {
                        SourceLabels = ["__meta_kubernetes_pod_uid", "__meta_kubernetes_pod_container_name"], Separator = "/",
                        Replacement = Path.Combine(_folder, "pods") + "/*$1/*.log", TargetLabel = "__path__",
                    },
                ],
            },
        ],
    };

    private async Task WaitAsync(string tenant, int lines)
    {
        // A minute and more: the machine may have much else to do.
        for (var i = 0; i < 1500 && Stored(tenant).Count < lines; i++)
        {
            await Task.Delay(50);
        }
        Assert.Equal(lines, Stored(tenant).Count);
    }

    private List<string> Stored(string tenant)
    {
        using var querier = _store.Querier(tenant, 0, long.MaxValue);
        var found = new List<string>();
        foreach (var block in querier.Blocks([], CancellationToken.None))
        {
            var rows = block.Read(LogColumns.Lines);
            foreach (var run in block.Runs)
            {
                for (var row = run.First; row < run.First + run.Count; row++)
                {
                    found.Add($"{run.Stream.Labels} {Encoding.UTF8.GetString(rows.Line(row))}");
                }
            }
        }
        found.Sort(StringComparer.Ordinal);
        return found;
    }
}
