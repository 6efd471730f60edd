using Pharos.Query.Templates.Values;

namespace Pharos.Query.Templates.Execution;

/// <param name="Receiver">The value whose method is called; nothing for a function.</param>
/// <param name="Host">What the execution was started with: functions take time, queries and addresses from it.</param>
public readonly record struct TemplateCall(TemplateValue Receiver, TemplateValue[] Arguments, object? Host)
{
    public TemplateValue this[int index] => Arguments[index];

    public string Text(int index) => Arguments[index].Text;
}
