using System.Text;
using System.Text.Unicode;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>A string of a request. One that is no UTF-8 makes its series invalid, and not the request.</summary>
internal readonly record struct RemoteText(string Text, bool IsValid)
{
    public static RemoteText From(ReadOnlySpan<byte> bytes) => new(Encoding.UTF8.GetString(bytes), Utf8.IsValid(bytes));
}
