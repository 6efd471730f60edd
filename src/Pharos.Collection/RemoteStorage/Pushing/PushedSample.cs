using Pharos.Storage.Model;

namespace Pharos.Collection.RemoteStorage.Pushing;

/// <summary>A number to send once.</summary>
public readonly record struct PushedSample(LabelSet Labels, long TimestampMs, double Value);
