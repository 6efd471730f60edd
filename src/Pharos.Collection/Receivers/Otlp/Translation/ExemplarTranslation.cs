using Pharos.Collection.Receivers.Otlp.Model;
using Pharos.Storage.Model;

namespace Pharos.Collection.Receivers.Otlp.Translation;

/// <summary>Makes exemplars of OpenTelemetry's: trace and span become labels, other attributes as far as they fit.</summary>
internal static class ExemplarTranslation
{
    /// <summary>Characters of all labels together. OpenMetrics 1.0, exemplars.</summary>
    private const int MaxCharacters = 128;

    public static Exemplar Translate(OtlpExemplar exemplar)
    {
        var labels = new LabelSetBuilder();
        labels.Set("trace_id", exemplar.TraceId).Set("span_id", exemplar.SpanId);
        var characters = labels.Labels.Concat(exemplar.Attributes.Select(attribute => new Label(attribute.Key, attribute.Value)))
            .Sum(label => label.Name.EnumerateRunes().Count() + label.Value.EnumerateRunes().Count());
        if (characters <= MaxCharacters)
        {
            foreach (var attribute in exemplar.Attributes)
            {
                labels.Set(attribute.Key, attribute.Value);
            }
        }
        return new Exemplar(labels.Build(), exemplar.Value, (long)(exemplar.TimeNanoseconds / 1_000_000));
    }
}
