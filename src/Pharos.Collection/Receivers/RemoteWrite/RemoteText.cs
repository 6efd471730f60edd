using System.Text;
using System.Text.Unicode;
using Pharos.Storage.Text;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>A string of a request. One that is no UTF-8 makes its series invalid, and not the request.</summary>
internal readonly record struct RemoteText(string Text, bool IsValid)
{
    public static readonly RemoteText Empty = new("", true);

    public static RemoteText From(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes)
        ? new RemoteText(Encoding.UTF8.GetString(bytes), true) : new RemoteText(GoQuote.FromBytes(bytes), false);
}
