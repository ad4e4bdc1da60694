//! The app: one state, one message enum, one update, one view.

mod message;
mod update;
mod view;

pub(crate) use message::Message;

use gloo::events::EventListener;
use yew::prelude::*;

use crate::{
    host,
    state::State,
    tasks::{predict::Runner, preferences},
};

/// The page.
pub(crate) struct App {
    state: State,
    runner: Runner,
    _address_changes: EventListener,
}

impl Component for App {
    type Message = Message;
    type Properties = ();

    fn create(context: &Context<Self>) -> Self {
        let link = context.link().clone();
        let runner = Runner::new(link.callback(|it| Message::Answered(Box::new(it))));
        let on_address = link.callback(|()| Message::AddressChanged);
        let address_changes =
            EventListener::new(&host::window(), "hashchange", move |_| on_address.emit(()));
        let state = update::opened(preferences::language(), preferences::theme());
        let mut app = Self { state, runner, _address_changes: address_changes };
        app.open_first();
        app
    }

    fn update(&mut self, context: &Context<Self>, message: Message) -> bool {
        self.handle(message, context.link());
        true
    }

    fn view(&self, context: &Context<Self>) -> Html {
        view::page(&self.state, context.link())
    }
}
