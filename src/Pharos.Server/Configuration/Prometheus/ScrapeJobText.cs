using System.Text;
using Pharos.Collection.Scraping;
using Pharos.Server.Configuration.Yaml;
using Pharos.Storage.Text;

namespace Pharos.Server.Configuration.Prometheus;

/// <summary>One job's configuration as it is in effect: its section of the file, and what it inherits.</summary>
internal static class ScrapeJobText
{
    /// <param name="texts">The files that hold <c>scrape_configs</c>, secrets already hidden.</param>
    public static string Of(ScrapeJobOptions job, IReadOnlyList<string> texts)
    {
        var written = texts.Select(text => Find(text, job.JobName)).FirstOrDefault(found => found is not null);
        var text = new StringBuilder();
        text.Append("job_name: ").Append(YamlText.Quoted(job.JobName)).Append('\n');
        foreach (var (key, value) in Effective(job))
        {
            if (written?.Find(key) is null or { Value: YamlScalar { IsNull: true } })
            {
                text.Append(key).Append(": ").Append(value).Append('\n');
            }
        }
        if (written is not null)
        {
            YamlText.Write(text, new YamlMapping(
                [.. written.Entries.Where(entry => entry.Key.Text != "job_name" && entry.Value is not YamlScalar { IsNull: true })],
                written.Line, written.Column));
        }
        return text.ToString();
    }

    private static YamlMapping? Find(string text, string jobName)
    {
        var root = YamlTreeBuilder.Build(new ConfigReading("scrape_configs", text)) as YamlMapping;
        var jobs = root?.Find("scrape_configs")?.Value as YamlSequence;
        return jobs?.Items.OfType<YamlMapping>().FirstOrDefault(
            job => job.Find("job_name")?.Value is YamlScalar name && name.Text == jobName);
    }

    /// <summary>What stands in the global section or is built in where a job says nothing.</summary>
    private static IEnumerable<(string Key, string Value)> Effective(ScrapeJobOptions job)
    {
        yield return ("honor_labels", Flag(job.HonorLabels));
        yield return ("honor_timestamps", Flag(job.HonorTimestamps));
        yield return ("track_timestamps_staleness", Flag(job.TrackTimestampsStaleness));
        yield return ("scrape_interval", PrometheusDuration.Format(job.ScrapeInterval));
        yield return ("scrape_timeout", PrometheusDuration.Format(job.ScrapeTimeout));
        yield return ("metrics_path", YamlText.Quoted(job.MetricsPath));
        yield return ("scheme", job.Scheme);
        yield return ("enable_compression", Flag(job.EnableCompression));
    }

    private static string Flag(bool value) => value ? "true" : "false";
}
