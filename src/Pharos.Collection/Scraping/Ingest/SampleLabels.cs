using System.Text;
using Pharos.Collection.Exposition;
using Pharos.Collection.Relabeling;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Scraping.Ingest;

/// <summary>Joins exposed labels with a target's, applies metric relabeling and checks the result.</summary>
/// <remarks>Not thread-safe: one loop owns it.</remarks>
internal sealed class SampleLabels(ScrapeJobOptions job, LabelSet target)
{
    private const string Exported = "exported_";

    private readonly LabelSetBuilder _builder = new();

    /// <summary>The label set of a sample.</summary>
    /// <returns>Null where relabeling drops the series, or where <paramref name="fault"/> says why the scrape fails.</returns>
    public LabelSet? Join(ExposedLabels exposed, out string? fault, out bool overLimit)
    {
        fault = null;
        overLimit = false;
        _builder.Reset();
        foreach (var label in exposed.Labels)
        {
            if (exposed.Duplicate is null || !_builder.Has(label.Name))
            {
                _builder.Set(label.Name, label.Value);
            }
        }
        AddTargetLabels(exposed);
        if (!Relabeler.Apply(job.MetricRelabelRules, _builder))
        {
            return null;
        }
        var labels = _builder.Build();
        if (labels.Count == 0)
        {
            return null;
        }
        fault = NameFault(labels, exposed);
        if (fault is null)
        {
            fault = LimitFault(labels);
            overLimit = fault is not null;
        }
        fault ??= exposed.Duplicate is null ? null : DuplicateFault(labels, exposed);
        return fault is null ? labels : null;
    }

    /// <summary>The label set of one of the automatic series; neither limits nor metric relabeling apply to it.</summary>
    public LabelSet ForReport(string name) => new LabelSetBuilder(target).Set(Label.MetricName, name).Build();

    private void AddTargetLabels(ExposedLabels exposed)
    {
        List<Label>? clashes = null;
        foreach (var label in target)
        {
            if (job.HonorLabels)
            {
                if (!exposed.Has(label.Name))
                {
                    _builder.Set(label.Name, label.Value);
                }
                continue;
            }
            if (_builder[label.Name] is { Length: > 0 } value)
            {
                (clashes ??= []).Add(new Label(label.Name, value));
            }
            _builder.Set(label.Name, label.Value);
        }
        // Shorter names first, so that a label "exported_x" that clashes itself finds its place after "x".
        foreach (var clash in clashes?.OrderBy(clash => clash.Name.Length) ?? Enumerable.Empty<Label>())
        {
            var name = Exported + clash.Name;
            while (_builder[name].Length > 0)
            {
                name = Exported + name;
            }
            _builder.Set(name, clash.Value);
        }
    }

    private string? NameFault(LabelSet labels, ExposedLabels exposed)
    {
        if (labels.MetricName.Length == 0)
        {
            return "missing metric name (__name__ label)";
        }
        foreach (var label in labels)
        {
            var name = label.Name == Label.MetricName ? label.Value : label.Name;
            var good = label.Name == Label.MetricName
                ? !job.LegacyNames || MetricNames.IsLegacyValid(name)
                : name.Length > 0 && (!job.LegacyNames || MetricNames.IsLegacyValidLabel(name));
            if (!good || (exposed.HasBrokenName && !GoQuote.IsUtf8(name)))
            {
                return $"invalid metric name or label names: {labels.ToBracedText()}";
            }
        }
        return null;
    }

    /// <summary>A label that came twice is a fault unless the target's label or a relabel rule took its place.</summary>
    private static string? DuplicateFault(LabelSet labels, ExposedLabels exposed)
    {
        foreach (var label in labels)
        {
            var same = exposed.Labels.Where(other => other.Name == label.Name).ToList();
            if (same.Count > 1 && same[0].Value == label.Value)
            {
                return $"label name \"{label.Name}\" is not unique: invalid sample";
            }
        }
        return null;
    }

    private string? LimitFault(LabelSet labels)
    {
        var metric = Cut(labels.MetricName);
        if (job.LabelLimit > 0 && labels.Count > job.LabelLimit)
        {
            return $"label_limit exceeded (metric: {metric}, number of labels: {labels.Count}, limit: {job.LabelLimit})";
        }
        if (job.LabelNameLengthLimit <= 0 && job.LabelValueLengthLimit <= 0)
        {
            return null;
        }
        foreach (var label in labels)
        {
            var nameBytes = Encoding.UTF8.GetByteCount(label.Name);
            if (job.LabelNameLengthLimit > 0 && nameBytes > job.LabelNameLengthLimit)
            {
                return $"label_name_length_limit exceeded (metric: {metric}, label name: {Cut(label.Name)}, "
                    + $"length: {nameBytes}, limit: {job.LabelNameLengthLimit})";
            }
            var valueBytes = Encoding.UTF8.GetByteCount(label.Value);
            if (job.LabelValueLengthLimit > 0 && valueBytes > job.LabelValueLengthLimit)
            {
                return $"label_value_length_limit exceeded (metric: {metric}, label name: {Cut(label.Name)}, "
                    + $"value: {GoQuote.Quote(Cut(label.Value))}, length: {valueBytes}, limit: {job.LabelValueLengthLimit})";
            }
        }
        return null;
    }

    /// <summary>The first 50 characters of Unicode.</summary>
    private static string Cut(string text) => text.Length <= 50 ? text : string.Concat(text.EnumerateRunes().Take(50));
}
