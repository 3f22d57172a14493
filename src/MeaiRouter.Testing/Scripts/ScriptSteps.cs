namespace MeaiRouter.Testing;

/// <summary>What can be said about every kind of step.</summary>
public static class ScriptSteps
{
    extension<TStep>(TStep step)
        where TStep : ScriptStep
    {
        /// <summary>Waits this long before the status line is sent, by the provider's clock.</summary>
        public TStep WithDelay(TimeSpan delay)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
            return step with { BeforeHeaders = step.BeforeHeaders with { Time = delay } };
        }

        /// <summary>Sends nothing, not even the status line, until the event has happened: for tests that must not depend on time.</summary>
        public TStep HoldUntil(Task @event) => step with { BeforeHeaders = step.BeforeHeaders with { Until = @event } };

        /// <summary>Adds a response header; it replaces one of the same name.</summary>
        public TStep WithHeader(string name, string value) => step with { Headers = step.Headers.Add(new(name, value)) };

        /// <summary>
        /// Writes the body at most this many bytes at a time, each handed to the socket before the next, wherever in an event,
        /// a line or a character that falls. A slow reader may still find several of them together.
        /// </summary>
        public TStep WithWriteSize(int bytes)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
            return step with { WriteSize = bytes };
        }
    }
}
