using System.Text;
using Pharos.Collection.Discovery;
using Pharos.Collection.Exposition;
using Pharos.Collection.Relabeling;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Scraping;

/// <summary>Makes a job's targets from what was discovered: default labels, relabel rules, checks, URL.</summary>
/// <remarks>As Prometheus 3: no default port is written into an address; the scheme's own port is used to connect.</remarks>
internal static class TargetBuilder
{
    private const string Interval = "__scrape_interval__";
    private const string Timeout = "__scrape_timeout__";
    private const string Path = "__metrics_path__";
    private const string Scheme = "__scheme__";
    private const string UnixSocket = "__unix_socket__";
    private const string ParamPrefix = "__param_";
    private const string MetaPrefix = "__meta_";

    public static TargetBuild Build(ScrapeJobOptions job, LabelSet target, LabelSet group) => Build(job, target, group, out _);

    /// <summary>The same for people who ask what relabeling makes of a target.</summary>
    public static TargetPreview Preview(ScrapeJobOptions job, LabelSet target, LabelSet group)
    {
        var build = Build(job, target, group, out var labels);
        if (build.Target is null)
        {
            return new TargetPreview(build.Discovered, LabelSet.Empty, build.Fault);
        }
        var kept = new LabelSetBuilder();
        foreach (var label in labels.Labels)
        {
            if (!label.Name.StartsWith(MetaPrefix, StringComparison.Ordinal))
            {
                kept.Set(label.Name, label.Value);
            }
        }
        return new TargetPreview(build.Discovered, kept.Build(), null);
    }

    private static TargetBuild Build(ScrapeJobOptions job, LabelSet target, LabelSet group, out LabelSetBuilder labels)
    {
        labels = Discovered(job, target, group);
        var discovered = labels.Build();
        if (!Relabeler.Apply(job.RelabelRules, labels))
        {
            return new TargetBuild(discovered, null, null);
        }
        var address = labels[TargetGroup.AddressLabel];
        var histograms = default(HistogramReading);
        var fault = Check(labels, address, out var interval, out var timeout) ?? TargetHistograms.Read(labels, out histograms);
        if (fault is not null)
        {
            return new TargetBuild(discovered, null, fault);
        }
        if (labels["instance"].Length == 0)
        {
            labels.Set("instance", address);
        }
        if (!Uri.TryCreate(UrlOf(job, labels), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return new TargetBuild(discovered, null, $"{GoQuote.Quote(UrlOf(job, labels))} is not a valid URL");
        }
        var visible = new LabelSetBuilder();
        foreach (var label in labels.Labels)
        {
            if (!label.Name.StartsWith("__", StringComparison.Ordinal))
            {
                visible.Set(label.Name, label.Value);
            }
        }
        var built = new ScrapeTarget(discovered, visible.Build(), url, address)
        {
            Interval = interval,
            Timeout = timeout,
            Histograms = histograms,
            UnixSocket = labels[UnixSocket],
        };
        return new TargetBuild(discovered, built, null);
    }

    private static LabelSetBuilder Discovered(ScrapeJobOptions job, LabelSet target, LabelSet group)
    {
        var labels = new LabelSetBuilder(group);
        foreach (var label in target)
        {
            labels.Set(label.Name, label.Value);
        }
        Default(labels, "job", job.JobName);
        Default(labels, Interval, PrometheusDuration.Format(job.ScrapeInterval));
        Default(labels, Timeout, PrometheusDuration.Format(job.ScrapeTimeout));
        TargetHistograms.SetDefaults(labels, job, Default);
        Default(labels, Path, job.MetricsPath);
        Default(labels, Scheme, job.Scheme);
        foreach (var (name, values) in job.Params)
        {
            if (values.Count > 0)
            {
                Default(labels, ParamPrefix + name, values[0]);
            }
        }
        return labels;
    }

    private static void Default(LabelSetBuilder labels, string name, string value)
    {
        if (labels[name].Length == 0)
        {
            labels.Set(name, value);
        }
    }

    private static string? Check(LabelSetBuilder labels, string address, out TimeSpan interval, out TimeSpan timeout)
    {
        interval = timeout = default;
        if (address.Length == 0)
        {
            return "no address";
        }
        if (address.Contains('/', StringComparison.Ordinal))
        {
            return $"{GoQuote.Quote(address)} is not a valid hostname";
        }
        if (!PrometheusDuration.TryParse(labels[Interval], out interval))
        {
            return $"error parsing scrape interval: not a valid duration string: {GoQuote.Quote(labels[Interval])}";
        }
        if (interval <= TimeSpan.Zero)
        {
            return "scrape interval cannot be 0";
        }
        if (!PrometheusDuration.TryParse(labels[Timeout], out timeout))
        {
            return $"error parsing scrape timeout: not a valid duration string: {GoQuote.Quote(labels[Timeout])}";
        }
        if (timeout <= TimeSpan.Zero)
        {
            return "scrape timeout cannot be 0";
        }
        return timeout > interval
            ? "scrape timeout cannot be greater than scrape interval "
                + $"({GoQuote.Quote(labels[Timeout])} > {GoQuote.Quote(labels[Interval])})"
            : null;
    }

    private static string UrlOf(ScrapeJobOptions job, LabelSetBuilder labels)
    {
        var path = labels[Path];
        var url = new StringBuilder($"{labels[Scheme]}://{labels[TargetGroup.AddressLabel]}")
            .Append(path.StartsWith('/') ? "" : "/").Append(path.Replace("?", "%3F", StringComparison.Ordinal));
        var separator = '?';
        foreach (var (name, values) in Params(job, labels))
        {
            foreach (var value in values)
            {
                url.Append(separator).Append(Encode(name)).Append('=').Append(Encode(value));
                separator = '&';
            }
        }
        return url.ToString();
    }

    /// <summary>The job's parameters by name; a label replaces the first value of its parameter.</summary>
    private static SortedDictionary<string, List<string>> Params(ScrapeJobOptions job, LabelSetBuilder labels)
    {
        var query = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var (name, values) in job.Params)
        {
            query[name] = [.. values];
        }
        foreach (var label in labels.Labels)
        {
            if (!label.Name.StartsWith(ParamPrefix, StringComparison.Ordinal))
            {
                continue;
            }
            var name = label.Name[ParamPrefix.Length..];
            if (query.TryGetValue(name, out var values) && values.Count > 0)
            {
                values[0] = label.Value;
            }
            else
            {
                query[name] = [label.Value];
            }
        }
        return query;
    }

    private static string Encode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
