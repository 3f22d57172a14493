using System.Text.Json;

namespace MeaiRouter.Testing;

/// <summary>One request as the <see cref="ScriptedProvider"/> received it, and what became of it.</summary>
public sealed class ReceivedRequest
{
    private readonly TaskCompletionSource<RequestOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _clientAborted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile RequestOutcome _outcome;

    internal ReceivedRequest(
        string provider, int number, string method, string path, IReadOnlyDictionary<string, string> headers, JsonElement body,
        DateTimeOffset receivedAt)
    {
        (Provider, Number, Method, Path, Headers, Body, ReceivedAt) = (provider, number, method, path, headers, body, receivedAt);
        Model = Text(body, "model");
        Streamed = IsTrue(body, "stream");
        AsksForStreamedUsage = Property(body, "stream_options") is { } options && IsTrue(options, "include_usage");
    }

    /// <summary>The name of the provider that received it.</summary>
    public string Provider { get; }

    /// <summary>The place of this request among all that the provider received, from 1.</summary>
    public int Number { get; }

    /// <summary>The HTTP method, in upper case.</summary>
    public string Method { get; }

    /// <summary>The path without the query, such as <c>/v1/chat/completions</c>.</summary>
    public string Path { get; }

    /// <summary>The headers by name, regardless of case; several values of one name are joined by a comma.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The JSON body, of kind <see cref="JsonValueKind.Undefined"/> where there is no valid one.</summary>
    public JsonElement Body { get; }

    /// <summary>When the body had been read, by the provider's clock.</summary>
    public DateTimeOffset ReceivedAt { get; }

    /// <summary>The model asked for, or <see langword="null"/> where the body names none.</summary>
    public string? Model { get; }

    /// <summary>Whether the body asks for a stream.</summary>
    public bool Streamed { get; }

    /// <summary>The text of the last message whose role is <c>user</c>, its text parts joined; empty without one.</summary>
    public string LastUserText => ReceivedMessages.LastUserText(Body);

    /// <summary>Why the enforced dialect refused the request; <see langword="null"/> where it did not, or where none is enforced.</summary>
    public StrictRefusal? Refusal { get; internal set; }

    /// <summary>What became of the request so far.</summary>
    public RequestOutcome Outcome => _outcome;

    /// <summary>Completes with the outcome once it is no longer <see cref="RequestOutcome.Pending"/>.</summary>
    public Task<RequestOutcome> Ended => _ended.Task;

    /// <summary>
    /// Completes when the client closes the connection before the script has sent its last byte.
    /// It is cancelled when the exchange ends in any other way, so that awaiting it never hangs.
    /// </summary>
    public Task ClientAborted => _clientAborted.Task;

    internal bool AsksForStreamedUsage { get; }

    /// <summary>How the provider spells its answer to the request.</summary>
    internal AnswerShape Shape { get; set; } = AnswerShape.OpenAI;

    /// <summary>Where the provider notes what it thought before it called a tool; <see langword="null"/> where no dialect is enforced.</summary>
    internal IssuedReasoning? Issued { get; set; }

    /// <summary>The method, path, model, outcome and broken rule; never headers or body, which hold secrets.</summary>
    public override string ToString() =>
        $"#{Number} {Method} {Path} {Model ?? "(no model)"}{(Streamed ? ", streamed" : "")}: {Outcome}{(Refusal is null ? "" : $", refused by {Refusal.Rule}")}";

    /// <summary>Notes the outcome. The first one stays: what follows a break is its consequence.</summary>
    internal void End(RequestOutcome outcome)
    {
        if (Interlocked.CompareExchange(ref _outcome, outcome, RequestOutcome.Pending) != RequestOutcome.Pending)
            return;

        if (outcome == RequestOutcome.ClientAborted)
            _clientAborted.SetResult();
        else
            _clientAborted.SetCanceled();
        _ended.SetResult(outcome);
    }

    private static JsonElement? Property(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement json, string name) =>
        Property(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static bool IsTrue(JsonElement json, string name) => Property(json, name) is { ValueKind: JsonValueKind.True };
}
