using System.Text;
using Pharos.Collection.Receivers.Loki.Enrichment;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Loki.Intake;

/// <summary>Judges the labels of a stream.</summary>
internal static class StreamCheck
{
    /// <param name="labels">As the client wrote them: a name perhaps twice.</param>
    /// <returns>Null where nothing is wrong with them.</returns>
    public static PushRejection? Check(IReadOnlyList<Label> labels, LokiIngestLimits limits)
    {
        var stream = LabelSet.ToBracedText(labels);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var count = 0;
        foreach (var label in labels)
        {
            if (!names.Add(label.Name))
            {
                return PushRejections.DuplicateLabel(stream, label.Name);
            }
            count += label.Value.Length > 0 ? 1 : 0;
            if (Encoding.UTF8.GetByteCount(label.Name) > limits.MaxLabelNameLength)
            {
                return PushRejections.LabelNameTooLong(stream, label.Name);
            }
            if (Encoding.UTF8.GetByteCount(label.Value) > limits.MaxLabelValueLength)
            {
                return PushRejections.LabelValueTooLong(stream, label.Value);
            }
        }
        if (count == 0)
        {
            return PushRejections.MissingLabels();
        }
        // The label that is added to every stream takes nobody's place.
        var own = count - (names.Contains(ServiceNames.Label) ? 1 : 0);
        if (own > limits.MaxLabelNames)
        {
            return PushRejections.TooManyLabels(stream, own, limits.MaxLabelNames);
        }
        var missing = limits.RequiredLabels.Where(name => !names.Contains(name)).ToList();
        return missing.Count > 0 ? PushRejections.MissingRequiredLabels(stream, string.Join(",", missing)) : null;
    }
}
