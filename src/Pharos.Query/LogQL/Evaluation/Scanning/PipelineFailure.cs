using System.Text;
using Pharos.Query.LogQL.Pipeline;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL.Evaluation.Scanning;

/// <summary>A line with an error, of which nothing takes notice, ends a query for numbers: they would be wrong.</summary>
internal static class PipelineFailure
{
    /// <exception cref="LogQueryException">The line has an error.</exception>
    public static void ThrowIfFailed(LineLabels labels)
    {
        if (!labels.HasError)
        {
            return;
        }
        var all = new List<Label>();
        for (var i = 0; i < labels.Count; i++)
        {
            if (labels.Counts(i))
            {
                all.Add(new Label(labels.KeyOf(i).Name, Encoding.UTF8.GetString(labels.ValueOf(i))));
            }
        }
        labels.AddErrorTo(all);
        var error = labels.Error;
        throw new LogQueryException(LogQueryErrorKind.Pipeline,
            $"pipeline error: '{error}' for series: '{LabelSet.OfTexts(all.ToArray()).ToBracedText()}'.\n"
            + $"Use a label filter to intentionally skip this error. (e.g | __error__!=\"{error}\").\n"
            + "To skip all potential errors you can match empty errors.(e.g __error__=\"\")\n"
            + "The label filter can also be specified after unwrap. (e.g | unwrap latency | __error__=\"\" )\n");
    }
}
