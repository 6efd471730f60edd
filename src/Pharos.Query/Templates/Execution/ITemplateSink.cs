using Pharos.Query.Templates.Values;

namespace Pharos.Query.Templates.Execution;

/// <summary>Where an execution writes. Knows what is the template's own text and what is a value.</summary>
public interface ITemplateSink
{
    void WriteText(string text);

    /// <param name="lastFunction">The function that made the value, where the action ends in a bare call: <c>urlquery</c>
    /// and <c>html</c> are not applied twice.</param>
    void WriteValue(TemplateValue value, string? lastFunction);
}
