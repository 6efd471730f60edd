using System.Text.Json;

namespace Pharos.Collection.Discovery.Consul;

/// <summary>An answer and the index that the next blocking query waits from.</summary>
internal sealed record ConsulAnswer(JsonDocument Body, ulong Index) : IDisposable
{
    public void Dispose() => Body.Dispose();
}
