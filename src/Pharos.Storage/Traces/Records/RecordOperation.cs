namespace Pharos.Storage.Traces.Records;

/// <summary>What some spans of a record are called.</summary>
/// <param name="Service">Number of a text; 0 where the resource gives no name.</param>
/// <param name="Name">Number of a text.</param>
internal readonly record struct RecordOperation(int Service, int Name, byte Kind);
