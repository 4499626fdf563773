using System.Text;
using Pipeline.Store;
using Pipeline.Tracker;

namespace Pipeline.Tests.Store;

public sealed class OperatorTests : IDisposable
{
    private static readonly PhysicalRules Rules = new(new LinkerOptions());
    private static readonly JsonSchema Schema = new(MessageSchemas.Read("event"));

    private readonly TemporaryFolder _folder = new();
    private readonly FixedClock _clock = new(Footage.Start.AddHours(1));
    private readonly IdentityStore _store;
    private readonly RunRecord _run;
    private readonly Tracklet _first = Footage.Tracklet(Footage.Entrance, 1, Footage.Start);
    private readonly Tracklet _second = Footage.Tracklet(Footage.Dock, 1, Footage.Start.AddSeconds(60));
    private readonly Tracklet _third = Footage.Tracklet(Footage.Dock, 2, Footage.Start.AddSeconds(90));

    public OperatorTests()
    {
        _store = IdentityStore.Open(Footage.Setup(_folder.Path, _clock) with { Publish = true });
        _run = _store.BeginRun("in", "out", Footage.Model, "{}");
        _store.Commit(_run, Footage.Group(Footage.New(_first, 0)));
        _store.Commit(_run, Footage.Group(Footage.New(_second, 1)));
        _store.Commit(_run, Footage.Group(Footage.Match(_third, 1, _second) with { Prototypes = new PrototypeChange(Footage.PersonId(1), _third.Id, null) }));
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Merge_moves_the_tracklets_tells_it_audits_it_and_the_old_id_stays_good_for_questions()
    {
        OperatorAct act = _store.MergeIdentities(Footage.PersonId(1), Footage.PersonId(0), Rules, "desk1", "same jacket");

        StoredEvent told = Assert.Single(act.Events);
        EventPayload payload = EventJson.Deserialize(told.Payload);
        Assert.Empty(Schema.Problems(told.Payload));
        Assert.Equal(("merged", Footage.PersonId(0), "operator", act.AuditId), (payload.Type, payload.IdentityId, payload.Cause, payload.AuditId));
        Assert.Equal([Footage.PersonId(1)], payload.MergedIdentityIds!);
        Assert.Equal([_second.Id, _third.Id], payload.TrackletIds!);
        Assert.Equal(4, told.Sequence);
        Assert.Equal(told.Payload, _store.Outbox.Pending(0, 10)[^1].Payload);
        IdentitySummary person = Assert.Single(_store.Reader.Identities());
        Assert.Equal((Footage.PersonId(0), 3), (person.Id, person.Sightings));
        Assert.Equal([Footage.PersonId(0)], _store.Reader.FindIdentities(Footage.PersonId(1).ToString()));
        AuditEntry entry = Assert.Single(_store.Reader.Audit());
        Assert.Equal((act.AuditId, "desk1", "merge"), (entry.Id, entry.Actor, entry.Action));
        KnownIdentity known = Assert.Single(_store.LoadGallery(Footage.Model).Identities);
        Assert.Equal([_first.Id, _second.Id, _third.Id], known.Prototypes.Select(prototype => prototype.TrackletId));
    }

    [Fact]
    public void What_was_said_of_pairs_is_there_with_their_features_until_it_is_taken_back()
    {
        Assert.True(_store.LoadGallery(Footage.Model).Feedback.IsEmpty);

        _store.SayNotSame(Footage.PersonId(0), Footage.PersonId(1), "desk1", "taller");

        Assert.False(_store.LoadGallery(Footage.Model).Feedback.IsEmpty);
        Assert.False(_store.Reader.LoadRelink(_run.Id, Footage.Model).Feedback.IsEmpty);
        Assert.True(_store.LoadGallery("another model").Feedback.IsEmpty);
        _store.Undo(Rules, "desk1");
        Assert.True(_store.LoadGallery(Footage.Model).Feedback.IsEmpty);
    }

    [Fact]
    public void Merge_against_time_and_place_is_refused_with_the_two_sightings()
    {
        Tracklet beside = Footage.Tracklet(Footage.Entrance, 9, Footage.Start.AddSeconds(1));
        _store.Commit(_run, Footage.Group(Footage.New(beside, 2)));

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => _store.MergeIdentities(Footage.PersonId(0), Footage.PersonId(2), Rules, "desk1", ""));

        Assert.Contains("cannot be one person", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_first.Id.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Contains(beside.Id.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.Equal(3, _store.Reader.Identities().Count);
        Assert.Empty(_store.Reader.Audit());
    }

    [Fact]
    public void Merge_against_an_earlier_word_is_refused_with_the_chain_until_that_is_taken_back()
    {
        OperatorAct word = _store.SayNotSame(Footage.PersonId(0), Footage.PersonId(1), "desk1", "taller");

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => _store.MergeIdentities(Footage.PersonId(0), Footage.PersonId(1), Rules, "desk2", ""));

        Assert.Contains($"holds tracklet {_first.Id}", refused.Message, StringComparison.Ordinal);
        Assert.Contains(word.AuditId.ToString(), refused.Message, StringComparison.Ordinal);
        Assert.True(_store.LoadGallery(Footage.Model).Constraints.Apart(_first.Id, _third.Id));
        _store.Undo(Rules, "desk1");
        Assert.False(_store.LoadGallery(Footage.Model).Constraints.AnyApart);
        _store.MergeIdentities(Footage.PersonId(0), Footage.PersonId(1), Rules, "desk2", "");
        Assert.Single(_store.Reader.Identities());
    }

    [Fact]
    public void Merge_of_an_erased_identity_is_refused_as_such()
    {
        _store.Erase(Footage.PersonId(1), "request", "dpo", "asked");

        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => _store.MergeIdentities(Footage.PersonId(0), Footage.PersonId(1), Rules, "desk1", ""));

        Assert.Contains("was erased at", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Split_makes_a_person_of_its_own_and_they_stay_apart()
    {
        OperatorAct act = _store.SplitIdentity(Footage.PersonId(1), [_third.Id], Rules, "desk1", "red bag");

        StoredEvent told = Assert.Single(act.Events);
        EventPayload payload = EventJson.Deserialize(told.Payload);
        Assert.Empty(Schema.Problems(told.Payload));
        Assert.Equal(("split", act.IdentityId, Footage.PersonId(1), _third.Id), (payload.Type, payload.IdentityId!.Value, payload.PreviousIdentityId!.Value, payload.To!.TrackletId));
        Assert.Equal(3, _store.Reader.Identities().Count);
        Assert.Equal([_second.Id], _store.LoadGallery(Footage.Model).Identities[1].Prototypes.Select(prototype => prototype.TrackletId));
        Assert.Contains(
            act.AuditId.ToString(),
            Assert.Throws<InvalidDataException>(() => _store.MergeIdentities(Footage.PersonId(1), act.IdentityId, Rules, "desk2", "")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Split_of_all_of_strangers_or_of_what_was_said_to_be_one_is_refused()
    {
        _store.MergeIdentities(Footage.PersonId(0), Footage.PersonId(1), Rules, "desk1", "");
        _store.Undo(Rules, "desk1");
        OperatorAct merge = _store.MergeIdentities(Footage.PersonId(0), Footage.PersonId(1), Rules, "desk1", "");

        Assert.Contains("at least one must go", Assert.Throws<InvalidDataException>(() => _store.SplitIdentity(Footage.PersonId(0), [_first.Id, _second.Id, _third.Id], Rules, "", "")).Message, StringComparison.Ordinal);
        Assert.Contains("holds no tracklet", Assert.Throws<InvalidDataException>(() => _store.SplitIdentity(Footage.PersonId(0), [Guid.NewGuid()], Rules, "", "")).Message, StringComparison.Ordinal);
        Assert.Contains(merge.AuditId.ToString(), Assert.Throws<InvalidDataException>(() => _store.SplitIdentity(Footage.PersonId(0), [_first.Id], Rules, "", "")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Undo_takes_back_one_act_after_the_other()
    {
        _store.Label(Footage.PersonId(0), "Contractor 7", "desk1");
        _store.Label(Footage.PersonId(0), "Contractor 8", "desk1");
        _store.MergeIdentities(Footage.PersonId(0), Footage.PersonId(1), Rules, "desk1", "");

        OperatorAct undone = _store.Undo(Rules, "desk1");

        Assert.Equal("split", EventJson.Deserialize(Assert.Single(undone.Events).Payload).Type);
        Assert.Equal([(Footage.PersonId(0), 1), (Footage.PersonId(1), 2)], _store.Reader.Identities().Select(person => (person.Id, person.Sightings)).OrderBy(person => person.Sightings));
        Assert.Equal("Contractor 8", _store.Reader.Identity(Footage.PersonId(0))!.Summary.Label);
        _store.Undo(Rules, "desk1");
        Assert.Equal("Contractor 7", _store.Reader.Identity(Footage.PersonId(0))!.Summary.Label);
        _store.Undo(Rules, "desk1");
        Assert.Null(_store.Reader.Identity(Footage.PersonId(0))!.Summary.Label);
        Assert.Contains("nothing to take back", Assert.Throws<InvalidDataException>(() => _store.Undo(Rules, "desk1")).Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_store.Reader.Audit(), entry => entry.Detail.Contains("Contractor", StringComparison.Ordinal)); // the log outlives the person
    }

    [Fact]
    public void A_label_is_never_published_and_not_longer_than_80_characters()
    {
        _store.Label(Footage.PersonId(0), "Contractor 7", "desk1");

        Assert.DoesNotContain(_store.Reader.Events(), stored => Encoding.UTF8.GetString(stored.Payload).Contains("Contractor", StringComparison.Ordinal));
        Assert.Throws<InvalidDataException>(() => _store.Label(Footage.PersonId(0), new string('x', 81), "desk1"));
    }

    [Fact]
    public void What_linking_corrects_is_stored_told_and_the_same_twice()
    {
        Correction merged = new(CorrectionKind.Merged, Footage.PersonId(0), Footage.PersonId(1), [_second.Id, _third.Id], CorrectionCause.LateEvidence, null);
        LinkGroup group = new(Footage.Start.AddMinutes(2), [], [], []) { Corrections = [merged], PrototypeSets = [new PrototypeSet(Footage.PersonId(0), [_first.Id, _third.Id])] };

        StoredEvent told = Assert.Single(_store.Commit(_run, group).Events);

        Assert.Empty(Schema.Problems(told.Payload));
        Assert.Equal(
            ContentId.Create(Footage.Start.AddMinutes(2), Footage.Site, "dock", _third.MediaDigest, "2", StoreTime.Text(_third.EndAt), "merged", "1"), told.EventId);
        Assert.False(EventJson.Deserialize(told.Payload).Live);
        Assert.Empty(_store.Commit(_run, group).Events); // there is nobody left to merge
        KnownIdentity known = Assert.Single(_store.LoadGallery(Footage.Model).Identities);
        Assert.Equal([_first.Id, _third.Id], known.Prototypes.Select(prototype => prototype.TrackletId));
        Assert.Equal([_first.Id, _second.Id, _third.Id], known.Sightings.Select(sighting => sighting.TrackletId));
    }

    [Fact]
    public void Parts_of_one_track_that_are_corrected_at_once_have_events_of_their_own()
    {
        (Tracklet before, Tracklet after) = (Footage.Tracklet(Footage.Dock, 9, Footage.Start.AddSeconds(100)), Footage.Tracklet(Footage.Dock, 9, Footage.Start.AddSeconds(110)));
        _store.Commit(_run, Footage.Group(Footage.New(before, 2)));
        _store.Commit(_run, Footage.Group(Footage.New(after, 3)));
        Correction[] merged =
        [
            .. new[] { (2, before), (3, after) }.Select(part =>
                new Correction(CorrectionKind.Merged, Footage.PersonId(0), Footage.PersonId(part.Item1), [part.Item2.Id], CorrectionCause.ReEvaluation, null)),
        ];

        IReadOnlyList<StoredEvent> told = _store.Commit(_run, new LinkGroup(Footage.Start.AddMinutes(2), [], [], []) { Corrections = merged }).Events;

        Assert.Equal(2, told.Select(one => one.EventId).Distinct().Count());
    }

    [Fact]
    public void A_reassignment_names_the_events_that_it_replaces()
    {
        Correction moved = new(CorrectionKind.Reassigned, Footage.PersonId(0), Footage.PersonId(1), [_third.Id], CorrectionCause.ReEvaluation, null);

        StoredEvent told = Assert.Single(_store.Commit(_run, new LinkGroup(Footage.Start.AddMinutes(2), [], [], []) { Corrections = [moved] }).Events);

        EventPayload payload = EventJson.Deserialize(told.Payload);
        Assert.Empty(Schema.Problems(told.Payload));
        Assert.Equal([_store.Reader.Events().Single(stored => stored.TrackletId == _third.Id && stored.Type == "match").EventId], payload.Supersedes!);
        Assert.Equal(("dock", Footage.PersonId(1), "re_evaluation"), (payload.Camera, payload.PreviousIdentityId!.Value, payload.Cause));
    }
}
