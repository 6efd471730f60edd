using System.IO.Hashing;
using System.Text;
using Pharos.Collection.Shipping;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail;

/// <summary>Reads <c>promtail.yml</c>; never throws.</summary>
internal static class PromtailFile
{
    private const string OneProcess = "Pharos is one process: its own ports, log level and pages serve";

    public static PromtailReadResult Read(string path, PromtailReading? surroundings = null) =>
        ConfigText.TryRead(path, out var text, out var error) ? ReadText(path, text, surroundings)
            : new PromtailReadResult(null, new ConfigFileReport { File = path, Kind = ConfigFileKind.Promtail, Unreadable = error });

    public static PromtailReadResult ReadText(string path, string text, PromtailReading? surroundings = null)
    {
        surroundings ??= PromtailReading.Process;
        var expanded = surroundings.ExpandsEnvironment ? BracedVariables.Expand(text, surroundings.Environment.Variable) : text;
        var reading = new ConfigReading(path, expanded);
        ShipperOptions? options = null;
        if (YamlTreeBuilder.Build(reading) is { } root && !YamlValue.Root(reading, root).IsNull
            && YamlValue.Root(reading, root).AsMapping() is { } file)
        {
            options = Read(file, surroundings) with { Fingerprint = Convert.ToHexString(XxHash128.Hash(Encoding.UTF8.GetBytes(expanded))) };
        }
        return new PromtailReadResult(
            reading.HasErrors ? null : options ?? new ShipperOptions(), ConfigFileReport.Of(reading, ConfigFileKind.Promtail));
    }

    private static ShipperOptions Read(YamlMappingReader file, PromtailReading surroundings)
    {
        var positions = file.Mapping("positions");
        var target = file.Mapping("target_config");
        var options = new ShipperOptions
        {
            PositionsFile = positions is null ? "/var/log/positions.yaml" : positions.Text("filename", "/var/log/positions.yaml"),
            PositionsSyncPeriod = positions is null ? TimeSpan.FromSeconds(10) : PromtailValues.Period(positions, "sync_period", TimeSpan.FromSeconds(10)),
            TargetSyncPeriod = target is null ? TimeSpan.FromSeconds(10) : PromtailValues.Period(target, "sync_period", TimeSpan.FromSeconds(10)),
            PollPeriod = ReadPolling(file),
            Limits = file.Mapping("limits_config") is { } limits ? LimitsSection.Read(limits) : new ShipReadLimits(),
            Clients = ClientSection.ReadAll(file),
            Jobs = ReadJobs(file, new ShipJobSection(surroundings)),
        };
        if (positions is not null)
        {
            positions.Flag("ignore_invalid_yaml");
            positions.Done();
        }
        if (target is not null)
        {
            target.NotHonoured("stdin", "lines of the standard input are not shipped");
            target.Done();
        }
        AcceptOthers(file);
        file.Done();
        return options;
    }

    private static void AcceptOthers(YamlMappingReader file)
    {
        if (file.Mapping("server") is { } server)
        {
            ServerKeys.Accept(server);
            if (file.KeyOf("server") is { } key)
            {
                key.NotHonoured(OneProcess);
            }
        }
        if (file.NotHonoured("tracing", "Pharos sends no spans about itself yet")?.AsMapping() is { } tracing)
        {
            tracing.Flag("enabled");
            tracing.Done();
        }
        if (file.NotHonoured("wal", "positions and lines are committed together, so no log between them is needed")?.AsMapping() is { } wal)
        {
            wal.Accept("enabled", "dir", "max_segment_age", "cleaner", "watch_config");
            wal.Done();
        }
        if (file.NotHonoured("options", "how far a stream lags is told for each file")?.AsMapping() is { } more)
        {
            more.Text("stream_lag_labels");
            more.Done();
        }
    }

    private static TimeSpan ReadPolling(YamlMappingReader file)
    {
        var period = TimeSpan.FromMilliseconds(250);
        if (file.Mapping("global") is not { } global)
        {
            return period;
        }
        if (global.Mapping("file_watch_config") is { } watch)
        {
            period = PromtailValues.Period(watch, "min_poll_frequency", period);
            PromtailValues.Period(watch, "max_poll_frequency", period);
            watch.Done();
        }
        global.Done();
        return period;
    }

    private static List<ShipJobOptions> ReadJobs(YamlMappingReader file, ShipJobSection reader)
    {
        var jobs = new List<ShipJobOptions>();
        foreach (var entry in file.List("scrape_configs"))
        {
            if (entry.AsMapping() is { } map && reader.Read(map) is { } job)
            {
                if (job.JobName.Length > 0 && jobs.Exists(other => other.JobName == job.JobName))
                {
                    map.ErrorAt("job_name", $"found multiple scrape configs with job name {YamlValue.Echo(job.JobName)}");
                }
                jobs.Add(job);
            }
        }
        return jobs;
    }
}
