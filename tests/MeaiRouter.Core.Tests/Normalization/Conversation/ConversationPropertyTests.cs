using MeaiRouter.Attempts;
using MeaiRouter.Dialects;
using MeaiRouter.Normalization;
using MeaiRouter.Normalization.Conversation;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Core.Tests.Normalization.Conversation;

/// <summary>Whatever a caller sends, whichever dialect is spoken.</summary>
public sealed class ConversationPropertyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_conversation_is_accepted_by_every_dialect_and_no_word_is_lost(int part)
    {
        const int Conversations = 2_000;
        var (sent, refused, unchanged) = (0, 0, 0);
        for (var seed = part * Conversations; seed < (part + 1) * Conversations; seed++)
        {
            try
            {
                switch (Send(seed))
                {
                    case null:
                        refused++;
                        break;
                    case false:
                        unchanged++;
                        break;
                    default:
                        sent++;
                        break;
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Seed {seed}: {exception.Message}", exception);
            }
        }

        Assert.True(sent > Conversations / 2 && refused > 0 && unchanged > 0, $"{sent} {refused} {unchanged}");
    }

    /// <returns>Whether something was changed; <see langword="null"/> if the conversation was refused.</returns>
    private static bool? Send(int seed)
    {
        var random = new RandomConversations(seed);
        var (messages, options, dialect) = (random.Messages(), random.Options(), random.Dialect());
        var (before, given) = (Adapting.Lines(messages), Adapting.Extras(options));
        var adaptedOptions = options;
        var context = new RouteContext(null);
        var destination = new Destination(dialect, null, null, new RouteNotes(context));
        IReadOnlyList<ChatMessage> adapted;
        try
        {
            adapted = ConversationAdapter.Adapt(messages, ref adaptedOptions, destination);
        }
        catch (RouterException exception)
        {
            Assert.Equal((FailureKind.Unsupported, PrefillForm.Refused), (exception.Kind, dialect.Messages.Prefill));
            Assert.Contains(messages, message => message.Role == ChatRole.Assistant);
            return null;
        }

        Assert.Equal(before, Adapting.Lines(messages));
        Assert.Equal(given, Adapting.Extras(options));
        StrictProvider.Check(dialect, adapted, adaptedOptions);

        var everything = string.Concat(Adapting.Lines(adapted)) + adaptedOptions.Instructions;
        Assert.All(random.Words, word => Assert.Contains(word, everything));

        // A change is told, and one that was made is not made again.
        var isChanged = !ReferenceEquals(adapted, messages) || !ReferenceEquals(adaptedOptions, options);
        Assert.Equal(isChanged, context.Notes.Count > 0);
        var (twice, twiceOptions) = (context.Notes.Count, adaptedOptions);
        Assert.Same(adapted, ConversationAdapter.Adapt(adapted, ref twiceOptions, destination));
        Assert.Same(adaptedOptions, twiceOptions);
        Assert.Equal(twice, context.Notes.Count);
        return isChanged;
    }
}
