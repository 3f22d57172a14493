using System.Text.Json;
using System.Text.Json.Serialization;

namespace MeaiRouter.OpenAI.Wire;

/// <summary>A whole answer (<c>chat.completion</c>) or one event of a streamed one (<c>chat.completion.chunk</c>).</summary>
/// <remarks>The two differ in nothing but <see cref="Kind"/> and in whether a choice holds a message or a delta.</remarks>
public sealed class ChatCompletion
{
    /// <summary><see cref="Kind"/> of a whole answer.</summary>
    public const string WholeKind = "chat.completion";

    /// <summary><see cref="Kind"/> of an event of a streamed answer.</summary>
    public const string ChunkKind = "chat.completion.chunk";

    // All but the choices. The chunks of a stream that differ in their text alone share it until one of them is changed.
    private Fields _fields;
    private IList<Choice>? _choices;

    // What tells such a chunk's choice from the pattern they share.
    private string? _text;

    /// <summary>Creates one that says nothing.</summary>
    public ChatCompletion() => _fields = new();

    private ChatCompletion(Fields shared, string text) => (_fields, _text) = (shared, text);

    /// <summary>The answer's id; the same in all its chunks.</summary>
    public string? Id { get => _fields.Id; set => Own().Id = value; }

    /// <summary><see cref="WholeKind"/> or <see cref="ChunkKind"/>.</summary>
    [JsonPropertyName("object")]
    public string? Kind { get => _fields.Kind; set => Own().Kind = value; }

    /// <summary>When the answer began, in seconds since 1970.</summary>
    public long? Created { get => _fields.Created; set => Own().Created = value; }

    /// <summary>The model that answered.</summary>
    public string? Model { get => _fields.Model; set => Own().Model = value; }

    /// <summary>OpenRouter: the provider that answered.</summary>
    public string? Provider { get => _fields.Provider; set => Own().Provider = value; }

    /// <summary>The provider's version of model and configuration.</summary>
    public string? SystemFingerprint { get => _fields.SystemFingerprint; set => Own().SystemFingerprint = value; }

    /// <summary>The tier that served the request.</summary>
    public string? ServiceTier { get => _fields.ServiceTier; set => Own().ServiceTier = value; }

    /// <summary>The answers; Microsoft.Extensions.AI knows one.</summary>
    public IList<Choice>? Choices
    {
        get => _choices ?? (_text is { } text ? Interlocked.CompareExchange(ref _choices, [_fields.Pattern!.WithText(text)], null) ?? _choices : null);
        set => (_choices, _text) = (value, null);
    }

    /// <summary>The tokens used.</summary>
    public CompletionUsage? Usage { get => _fields.Usage; set => Own().Usage = value; }

    /// <summary>What went wrong, where something did after the status line was sent.</summary>
    public WireError? Error { get => _fields.Error; set => Own().Error = value; }

    /// <summary>OpenRouter: how the request was routed.</summary>
    [JsonPropertyName("openrouter_metadata")]
    public JsonElement? OpenRouterMetadata { get => _fields.OpenRouterMetadata; set => Own().OpenRouterMetadata = value; }

    /// <summary>Every other field, as it came.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extra { get => _fields.Extra; set => Own().Extra = value; }

    /// <summary>
    /// A copy of a chunk with one choice, whose delta has another text. All else is shared with it; a choice of its own is made when somebody asks for it,
    /// which hardly anybody does.
    /// </summary>
    internal ChatCompletion WithText(string text)
    {
        _fields.Pattern ??= Choices![0].WithText(text);
        return new ChatCompletion(_fields, text);
    }

    /// <summary>
    /// The text of a chunk that differs from another in nothing else. <see langword="null"/> where it differs in more; also where that cannot be told
    /// because somebody has asked for the choices.
    /// </summary>
    internal string? TextBesides(ChatCompletion? other) => _choices is null && ReferenceEquals(_fields, other?._fields) ? _text : null;

    private Fields Own()
    {
        if (_fields.Pattern is not null)
        {
            _choices = Choices;
            _fields = _fields with { Pattern = null };
        }

        return _fields;
    }

    private sealed record Fields
    {
        public string? Id { get; set; }

        public string? Kind { get; set; }

        public long? Created { get; set; }

        public string? Model { get; set; }

        public string? Provider { get; set; }

        public string? SystemFingerprint { get; set; }

        public string? ServiceTier { get; set; }

        public CompletionUsage? Usage { get; set; }

        public WireError? Error { get; set; }

        public JsonElement? OpenRouterMetadata { get; set; }

        public IDictionary<string, JsonElement>? Extra { get; set; }

        /// <summary>The choice of all who share this but for its text; <see langword="null"/> while nobody does.</summary>
        public Choice? Pattern { get; set; }
    }
}
