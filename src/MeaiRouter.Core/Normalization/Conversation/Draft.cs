using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>A conversation that is being adapted: the caller's own messages until something changes, copies of those that do.</summary>
internal sealed class Draft(IReadOnlyList<ChatMessage> messages)
{
    private List<ChatMessage>? _own;
    private HashSet<ChatMessage>? _copies;

    public int Count => _own?.Count ?? messages.Count;

    public ChatMessage this[int index] => _own is null ? messages[index] : _own[index];

    /// <summary>The messages as they are now: the caller's list if nothing changed.</summary>
    public IReadOnlyList<ChatMessage> Messages => _own ?? messages;

    /// <summary>Whether a message has nothing but its provider's own form, which only that provider's client understands: it is never touched.</summary>
    public static bool IsOpaque(ChatMessage message) => message is { Contents.Count: 0, RawRepresentation: not null };

    /// <summary>Whether a message is of the system, under either name.</summary>
    public static bool IsSystem(ChatMessage message) => message.Role == ChatRole.System || IsDeveloper(message);

    public static bool IsDeveloper(ChatMessage message) => string.Equals(message.Role.Value, "developer", StringComparison.OrdinalIgnoreCase);

    /// <summary>The message as a copy that may be changed.</summary>
    public ChatMessage Edit(int index)
    {
        var message = this[index];
        if (_copies?.Contains(message) == true)
            return message;

        var copy = message.Clone();
        copy.Contents = [.. message.Contents];
        copy.AdditionalProperties = message.AdditionalProperties is { } properties ? new(properties) : null;

        // A provider's own form of the message would be sent in place of what has changed.
        copy.RawRepresentation = null;
        (_copies ??= new(ReferenceEqualityComparer.Instance)).Add(copy);
        Own()[index] = copy;
        return copy;
    }

    /// <summary>Whether the message is a copy that was made to be changed.</summary>
    public bool IsCopy(int index) => _copies?.Contains(this[index]) == true;

    public void Insert(int index, ChatMessage message) => Own().Insert(index, message);

    public void RemoveAt(int index) => Own().RemoveAt(index);

    public void Replace(List<ChatMessage> all) => _own = all;

    private List<ChatMessage> Own() => _own ??= [.. messages];
}
