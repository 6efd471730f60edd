using System.Text.Json.Serialization;
using Pharos.Alerting.History;
using Pharos.Alerting.Routing;

namespace Pharos.Alerting.Durability;

/// <summary>How the pipeline's state is written, made when Pharos is built: a start need not find it out.</summary>
[JsonSerializable(typeof(StoredAlert))]
[JsonSerializable(typeof(StoredLogEntry))]
[JsonSerializable(typeof(StoredIntent))]
[JsonSerializable(typeof(GroupTimer))]
[JsonSerializable(typeof(NotificationRecord))]
[JsonSerializable(typeof(AlertTransition[]))]
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class StateJson : JsonSerializerContext;
